-- Rights inside the product's database, before the first migration. Run in that database as an
-- administrator, after roles.sql; run it again at will. What stands on tables is in the migrations.

DO $database$
DECLARE
    here text := current_database();
    reader text;
BEGIN
    -- To give something away one must be a member of who gets it; superusers are anyway.
    IF NOT pg_has_role(current_user, 'pair_owner', 'MEMBER') THEN
        EXECUTE format('GRANT pair_owner TO %I', current_user);
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO pair_owner', here);
    -- Not even TEMP: a temporary table can shadow a real one.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', here);

    ALTER SCHEMA public OWNER TO pair_owner;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION pair_owner;
    REVOKE ALL ON SCHEMA app FROM PUBLIC;

    FOREACH reader IN ARRAY ARRAY['pair_app', 'pair_dispatch', 'pair_pref', 'pair_login', 'pair_backup'] LOOP
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = reader) THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', here, reader);
            EXECUTE format('GRANT USAGE ON SCHEMA public, app TO %I', reader);
        END IF;
    END LOOP;
END
$database$;
