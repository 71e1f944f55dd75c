-- The tenant of this transaction, or NULL: unset, expired, forged and malformed values all give no rows.
-- Asked once for each table of each statement, so it is kept cheap: the signature is checked over whatever bytes there
-- are, and what carries it was made by tenant_token and has its form. A pattern match would cost more than all the rest.
CREATE OR REPLACE FUNCTION app.tenant() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text := current_setting('app.tenant', true);
    message text := left(token, -65);
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM app.signing_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex') = right(token, 64);
    IF NOT FOUND OR token <> message || '.' || right(token, 64) THEN
        RETURN NULL;
    END IF;
    -- From here on the message is our own: tenant.expiry, both whole numbers.
    IF split_part(message, '.', 2)::bigint < extract(epoch FROM now()) THEN
        RETURN NULL;
    END IF;
    RETURN split_part(message, '.', 1)::bigint;
END
$$;
