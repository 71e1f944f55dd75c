-- The tenant of this transaction, or NULL: unset, expired, forged and malformed values all give no rows.
-- Asked once for each table of each statement, so it is kept cheap: the signature is checked over whatever bytes there
-- are, and what carries it was made by tenant_token and has its form: tenant.expiry, both whole numbers, then a dot and
-- the signature. Nothing is looked at before the signature is found good.
CREATE OR REPLACE FUNCTION app.tenant() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text := current_setting('app.tenant', true);
    message text := left(token, -65);
BEGIN
    IF NOT EXISTS (
        SELECT FROM app.signing_key k
        WHERE '.' || encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex') = right(token, 65)
    ) THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN to_timestamp(split_part(message, '.', 2)::float8) >= now() THEN split_part(message, '.', 1)::bigint END;
END
$$;
