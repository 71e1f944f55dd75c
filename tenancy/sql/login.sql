-- Sign-in before a tenant is known. Owned by pair_login, a role nobody can become over the network;
-- the application's own role can read neither password hashes nor the grants of a county it is not working for.
GRANT USAGE, CREATE ON SCHEMA app TO pair_login;
GRANT SELECT, INSERT, UPDATE ON tenancy_credential TO pair_login;
GRANT SELECT ON tenancy_account, tenancy_grant, tenancy_tenant TO pair_login;

CREATE FUNCTION app.login_lookup(wanted text) RETURNS TABLE (account_id bigint, password varchar, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT a.id, c.password, a.is_active
    FROM public.tenancy_account a JOIN public.tenancy_credential c ON c.account_id = a.id
    WHERE a.login = wanted
$$;

CREATE FUNCTION app.credential_set(wanted bigint, hashed text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.tenancy_credential (account_id, password, changed_at) VALUES (wanted, hashed, now())
    ON CONFLICT (account_id) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at
$$;

-- Live grants of an account: in one county, or (wanted_tenant NULL) in all, for the choice after sign-in.
CREATE FUNCTION app.session_lookup(wanted bigint, wanted_tenant bigint)
RETURNS TABLE (tenant_id bigint, role varchar, scope_kind varchar, scope_unit_id bigint, scope_object uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT g.tenant_id, g.role, g.scope_kind, g.scope_unit_id, g.scope_object
    FROM public.tenancy_grant g
    JOIN public.tenancy_account a ON a.id = g.account_id AND a.is_active
    JOIN public.tenancy_tenant t ON t.id = g.tenant_id AND t.is_active
    WHERE g.account_id = wanted
      AND (wanted_tenant IS NULL OR g.tenant_id = wanted_tenant)
      AND g.starts_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
      AND (g.ends_on IS NULL OR g.ends_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY g.id
$$;

ALTER FUNCTION app.login_lookup(text) OWNER TO pair_login;
ALTER FUNCTION app.credential_set(bigint, text) OWNER TO pair_login;
ALTER FUNCTION app.session_lookup(bigint, bigint) OWNER TO pair_login;
REVOKE ALL ON FUNCTION app.login_lookup(text), app.credential_set(bigint, text), app.session_lookup(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.login_lookup(text), app.credential_set(bigint, text), app.session_lookup(bigint, bigint)
    TO pair_app, pair_owner;
REVOKE CREATE ON SCHEMA app FROM pair_login;
