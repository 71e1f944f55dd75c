-- Functions that the walls stand on. Run by the first migration, as the owner of the database.
CREATE SCHEMA IF NOT EXISTS app;
REVOKE ALL ON SCHEMA app FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO pair_app, pair_dispatch, pair_pref, pair_login;

-- HMAC-SHA256 pads of the keys that may sign a tenant. The application cannot read them.
CREATE TABLE app.signing_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inner_pad bytea NOT NULL UNIQUE,
    outer_pad bytea NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON app.signing_key FROM PUBLIC;

-- The tenant of this transaction, or NULL: unset, expired, forged and malformed values all give no rows.
CREATE FUNCTION app.tenant() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text := current_setting('app.tenant', true);
    parts text[];
BEGIN
    IF token IS NULL OR token !~ '^[0-9]{1,18}\.[0-9]{1,12}\.[0-9a-f]{64}$' THEN
        RETURN NULL;
    END IF;
    parts := string_to_array(token, '.');
    IF parts[2]::bigint < extract(epoch FROM now()) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM app.signing_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(parts[1] || '.' || parts[2], 'UTF8'))), 'hex') = parts[3];
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN parts[1]::bigint;
END
$$;
REVOKE ALL ON FUNCTION app.tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant() TO pair_app, pair_owner, pair_pref, pair_dispatch, pair_login;
