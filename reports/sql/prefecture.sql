-- What a prefecture may read: sums that its counties published, and of those no group under five.
-- app.prefecture(): the prefecture of this transaction, or NULL; unset, expired, forged and malformed values all give no rows.
CREATE FUNCTION app.prefecture() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text := current_setting('app.prefecture', true);
    parts text[];
BEGIN
    -- The first word keeps it apart from a county's token, which is signed with the same key.
    IF token IS NULL OR token !~ '^prefecture\.[0-9]{4}\.[0-9]{1,12}\.[0-9a-f]{64}$' THEN
        RETURN NULL;
    END IF;
    parts := string_to_array(token, '.');
    IF parts[3]::bigint < extract(epoch FROM now()) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM app.signing_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad
        || convert_to(parts[1] || '.' || parts[2] || '.' || parts[3], 'UTF8'))), 'hex') = parts[4];
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN parts[2];
END
$$;
REVOKE ALL ON FUNCTION app.prefecture() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.prefecture() TO pair_pref, pair_login;

GRANT SELECT ON reports_publishedsum, tenancy_division TO pair_login;
CREATE POLICY prefecture ON reports_publishedsum FOR SELECT TO pair_login USING (true);

-- One row for each rule and period of each county. A group is what the sum is made of: its pairings, and the duties they owe.
-- Under five its numbers are NULL, and no other column or row adds them in: there is nothing to subtract from.
CREATE FUNCTION app.prefecture_sums()
RETURNS TABLE (programme_year smallint, county_code varchar, county varchar, rule_code varchar, rule_name varchar,
    period_kind varchar, starts_on date, published_at timestamptz, n_pairings int, n_due int, n_met int, n_waiting int, n_missed int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.programme_year, d.code, t.name, s.rule_code, s.rule_name, s.period_kind, s.starts_on, s.published_at,
           CASE WHEN shown THEN s.n_pairings END, CASE WHEN shown THEN s.n_due END, CASE WHEN shown THEN s.n_met END,
           CASE WHEN shown THEN s.n_waiting END, CASE WHEN shown THEN s.n_missed END
    FROM public.tenancy_division d
    JOIN public.tenancy_tenant t ON t.division_id = d.code AND t.is_active
    JOIN public.reports_publishedsum s ON s.tenant_id = t.id
    CROSS JOIN LATERAL (SELECT least(s.n_pairings, s.n_due) >= 5 AS shown) AS group_size
    WHERE d.parent_id = (SELECT app.prefecture())
    ORDER BY s.programme_year, d.code, s.rule_code, s.period_kind, s.starts_on
$$;

GRANT CREATE ON SCHEMA app TO pair_login;
ALTER FUNCTION app.prefecture_sums() OWNER TO pair_login;
REVOKE ALL ON FUNCTION app.prefecture_sums() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.prefecture_sums() TO pair_pref;
REVOKE CREATE ON SCHEMA app FROM pair_login;
