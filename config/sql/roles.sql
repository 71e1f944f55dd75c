-- The roles of the product, the one definition of them: run by the local launcher, by the container's
-- first start and by hand (deploy/README.md). Run as an administrator, as often as you like: it changes
-- only what differs. Passwords are set apart from this file, because they differ per installation.
--
--   pair_owner     owns the schema and the tables; migrations only
--   pair_app       web and workers; sees one tenant at a time
--   pair_dispatch  takes due messages from the outbox; no personal data
--   pair_pref      the prefecture's sums; reads only
--   pair_login     nobody signs in with it; owns the few functions that look across tenants
--   pair_backup    reads everything for a dump; from the database's own host only

DO $roles$
DECLARE
    wanted record;
    is_super boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('pair_owner',    'LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS INHERIT'),
            ('pair_app',      'LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS NOINHERIT'),
            ('pair_dispatch', 'LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS NOINHERIT'),
            ('pair_pref',     'LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS NOINHERIT'),
            ('pair_login',    'NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS NOINHERIT'),
            ('pair_backup',   'LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION BYPASSRLS')
        ) AS role (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
            EXCEPTION WHEN insufficient_privilege THEN
                -- A managed server's administrator may not be allowed to make a role that passes every policy.
                -- The product runs without it; dumps are then made by the service itself.
                IF wanted.name <> 'pair_backup' THEN RAISE; END IF;
                RAISE WARNING 'pair_backup was not created: this administrator may not grant BYPASSRLS';
            END;
        ELSIF is_super THEN
            EXECUTE format('ALTER ROLE %I %s', wanted.name, wanted.attributes);
        END IF;
    END LOOP;
END
$roles$;

-- So that migrations may hand the looking-up functions to it.
GRANT pair_login TO pair_owner;

DO $limits$
DECLARE
    serving text;
BEGIN
    FOREACH serving IN ARRAY ARRAY['pair_app', 'pair_dispatch', 'pair_pref'] LOOP
        EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', serving, '15s');
        EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', serving, '3s');
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', serving, '30s');
    END LOOP;
    ALTER ROLE pair_pref SET default_transaction_read_only = on;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pair_backup') THEN
        ALTER ROLE pair_backup SET default_transaction_read_only = on;
        GRANT pg_read_all_data TO pair_backup;
    END IF;
END
$limits$;
