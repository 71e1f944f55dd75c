-- The audit chain of a county: appended by this function alone (reliability.md §6.1).
CREATE FUNCTION app.audit_append(
    who bigint, actor text, roles text, address text, action text,
    object_kind text, object_uid uuid, result text, details jsonb
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    county bigint := app.tenant();
    last record;
    next_seq bigint;
    moment timestamptz := clock_timestamp();
    content text;
BEGIN
    IF county IS NULL THEN
        RAISE EXCEPTION 'audit_append: no tenant is set';
    END IF;
    -- One writer at a time in a county, until the transaction ends: the chain has no forks.
    PERFORM pg_advisory_xact_lock(7041, county::int);
    SELECT e.seq, e.hash INTO last FROM public.tenancy_auditentry e WHERE e.tenant_id = county ORDER BY e.seq DESC LIMIT 1;
    next_seq := coalesce(last.seq, 0) + 1;
    content := app.audit_content(county, next_seq, moment, who, actor, roles, address, action, object_kind, object_uid, result, details);
    INSERT INTO public.tenancy_auditentry
        (tenant_id, uid, seq, at, account_id, actor, roles, address, action, object_kind, object_uid, result, details, prev, hash)
    VALUES (county, gen_random_uuid(), next_seq, moment, who, actor, roles, address, action, object_kind, object_uid, result, details,
            coalesce(last.hash, ''), encode(sha256(convert_to(coalesce(last.hash, '') || content, 'UTF8')), 'hex'));
    RETURN next_seq;
END
$$;

-- One text of a row, the same when written and when checked. jsonb prints its keys in a fixed order.
CREATE FUNCTION app.audit_content(
    county bigint, seq bigint, at timestamptz, who bigint, actor text, roles text, address text, action text,
    object_kind text, object_uid uuid, result text, details jsonb
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_array(county, seq, extract(epoch FROM at)::text, who, actor, roles, address, action,
                             object_kind, object_uid, result, details)::text
$$;

-- The first row of the county in scope whose hash or place is wrong, or nothing.
CREATE FUNCTION app.audit_verify() RETURNS TABLE (seq bigint, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.seq, CASE WHEN c.seq <> c.place THEN 'missing' WHEN c.prev <> c.before THEN 'unlinked' ELSE 'altered' END
    FROM (
        SELECT e.seq, e.prev, e.hash,
               row_number() OVER w AS place,
               coalesce(lag(e.hash) OVER w, '') AS before,
               encode(sha256(convert_to(e.prev || app.audit_content(e.tenant_id, e.seq, e.at, e.account_id, e.actor, e.roles,
                   e.address, e.action, e.object_kind, e.object_uid, e.result, e.details), 'UTF8')), 'hex') AS again
        FROM public.tenancy_auditentry e
        WINDOW w AS (ORDER BY e.seq)
    ) c
    WHERE c.seq <> c.place OR c.prev <> c.before OR c.hash <> c.again
    ORDER BY c.seq
    LIMIT 1
$$;

REVOKE ALL ON FUNCTION app.audit_append(bigint, text, text, text, text, text, uuid, text, jsonb),
    app.audit_content(bigint, bigint, timestamptz, bigint, text, text, text, text, text, uuid, text, jsonb),
    app.audit_verify() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.audit_append(bigint, text, text, text, text, text, uuid, text, jsonb),
    app.audit_content(bigint, bigint, timestamptz, bigint, text, text, text, text, text, uuid, text, jsonb),
    app.audit_verify() TO pair_app, pair_owner;
