-- What the planner knows of tables that have just grown: a first import multiplies them in one transaction, and until
-- autovacuum comes round every county looks like a handful of rows. Only the owner may ANALYZE, so this runs with its rights.
-- A table counts as grown when it was never looked at or holds half as many pages again; a large database is left alone.
CREATE FUNCTION app.take_statistics() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET lock_timeout = '500ms'
AS $$
DECLARE
    grown regclass;
    taken integer := 0;
BEGIN
    FOR grown IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relowner = current_user::regrole
          AND pg_relation_size(c.oid) > current_setting('block_size')::bigint * 3 * greatest(c.relpages, 1) / 2
        -- Always in one order, so that two of us never wait for each other.
        ORDER BY c.oid
    LOOP
        BEGIN
            EXECUTE format('ANALYZE %s', grown);
            taken := taken + 1;
        EXCEPTION WHEN lock_not_available THEN
            -- Somebody else is looking at it.
            NULL;
        END;
    END LOOP;
    RETURN taken;
END
$$;

REVOKE ALL ON FUNCTION app.take_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.take_statistics() TO pair_app;
