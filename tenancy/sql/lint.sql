-- The schema lint (reliability.md §1.6): each row is a hole in the walls; none means that they stand.
-- Reads catalogues only, so any role may run it. Parameters come from tenancy/lint.py, where the rules are told.
WITH
serving AS (
    SELECT r.oid, r.rolname FROM pg_roles r WHERE r.rolname = ANY (%(serving)s)
),
-- Everybody whom a grant can reach from a serving role: itself and PUBLIC (0). Memberships are L10's.
reached AS (
    SELECT oid, rolname::text AS name FROM serving UNION ALL SELECT 0, 'PUBLIC'
),
schemas AS (
    SELECT n.oid, n.nspname, n.nspacl, n.nspowner,
           CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END AS prefix
    FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
relations AS (
    SELECT c.*, s.prefix || c.relname AS name
    FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
),
-- All that holds rows; foreign tables count, they have no policy at all.
tables AS (
    SELECT r.oid, r.name, r.relrowsecurity, r.relforcerowsecurity, r.relispartition, a.attnum AS tenant, a.attnotnull AS is_required,
           r.name = ANY (%(globals)s) AS is_global
    FROM relations r
    LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE r.relkind IN ('r', 'p', 'f')
),
tenant_tables AS (SELECT * FROM tables WHERE tenant IS NOT NULL),
policies AS (
    SELECT t.name AS table_name, p.polname::text AS name,
           CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END AS verb,
           array_to_string(ARRAY(
               SELECT coalesce(r.rolname, 'PUBLIC') FROM unnest(p.polroles) AS u (oid) LEFT JOIN pg_roles r ON r.oid = u.oid ORDER BY 1
           ), ', ') AS subjects,
           coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS qual,
           coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS with_check
    FROM pg_policy p JOIN tenant_tables t ON t.oid = p.polrelid
    WHERE p.polpermissive
),
-- (table, name, verb, subjects, qual, check) of what may stand; table '*' means every tenant table.
known_policies AS (
    SELECT * FROM unnest(%(policy_tables)s::text[], %(policy_names)s::text[], %(policy_verbs)s::text[],
                         %(policy_subjects)s::text[], %(policy_quals)s::text[], %(policy_checks)s::text[])
        AS k (table_name, name, verb, subjects, qual, with_check)
),
indexes AS (
    SELECT t.name AS table_name, i.indexrelid::regclass::text AS name, i.indisunique OR i.indisexclusion AS is_unique,
           t.tenant = i.indkey[0] AS leads,
           t.tenant = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS has_tenant,
           -- One generated number: names no county and can be guessed by none who cannot read the row.
           i.indnkeyatts = 1 AND i.indisprimary AND a.attidentity <> '' AS is_surrogate
    FROM pg_index i
    JOIN tenant_tables t ON t.oid = i.indrelid
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
),
keys AS (
    SELECT c.conname, c.conrelid, c.confrelid, c.conkey, c.confkey, c.convalidated,
           child.name AS child, child.tenant AS child_tenant, parent.name AS parent, parent.tenant AS parent_tenant
    FROM pg_constraint c
    JOIN tables child ON child.oid = c.conrelid
    JOIN tables parent ON parent.oid = c.confrelid
    WHERE c.contype = 'f' AND parent.tenant IS NOT NULL
),
functions AS (
    SELECT s.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS signature, p.oid, p.proconfig, p.prosecdef
    FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
    WHERE p.prosecdef
),
rights AS (
    SELECT r.name, r.relkind, a.privilege_type, g.name AS grantee
    FROM relations r CROSS JOIN LATERAL aclexplode(r.relacl) a JOIN reached g ON g.oid = a.grantee
    UNION ALL
    SELECT r.name, r.relkind, a.privilege_type, g.name
    FROM relations r
    JOIN pg_attribute t ON t.attrelid = r.oid
    CROSS JOIN LATERAL aclexplode(t.attacl) a
    JOIN reached g ON g.oid = a.grantee
),
readable AS (
    SELECT r.name, r.relkind, r.reloptions, min(s.rolname) AS reader
    FROM relations r JOIN serving s ON r.relkind IN ('v', 'm')
        AND (has_table_privilege(s.oid, r.oid, 'SELECT') OR has_any_column_privilege(s.oid, r.oid, 'SELECT'))
    GROUP BY 1, 2, 3
),
findings (rule, object, problem) AS (
    SELECT 'L1', name, 'has no tenant_id and is not on the global list' FROM tables WHERE tenant IS NULL AND NOT is_global
    UNION ALL
    SELECT 'L1', g.name, CASE WHEN t.oid IS NULL THEN 'is on the global list but does not exist'
                              ELSE 'is on the global list but has tenant_id: take it off' END
    FROM unnest(%(globals)s) AS g (name) LEFT JOIN tables t ON t.name = g.name
    WHERE t.oid IS NULL OR t.tenant IS NOT NULL
    UNION ALL
    SELECT 'L2', name, 'tenant_id may be null' FROM tenant_tables WHERE NOT is_required
    UNION ALL
    SELECT 'L3', name, 'row-level security is not ' || CASE WHEN relrowsecurity THEN 'forced' ELSE 'enabled' END
    FROM tenant_tables WHERE NOT (relrowsecurity AND relforcerowsecurity)
    UNION ALL
    SELECT 'L4', t.name, 'lacks policy ' || k.name
    FROM tenant_tables t JOIN known_policies k ON k.table_name IN ('*', t.name)
    WHERE NOT EXISTS (
        SELECT FROM policies p
        WHERE p.table_name = t.name AND (p.name, p.verb, p.subjects, p.qual, p.with_check)
            = (k.name, k.verb, k.subjects, k.qual, k.with_check)
    )
    UNION ALL
    SELECT 'L4', p.table_name, 'has policy ' || p.name || ', which is not the text of tenancy.rls'
    FROM policies p
    WHERE NOT EXISTS (
        SELECT FROM known_policies k
        WHERE k.table_name IN ('*', p.table_name) AND (p.name, p.verb, p.subjects, p.qual, p.with_check)
            = (k.name, k.verb, k.subjects, k.qual, k.with_check)
    )
    UNION ALL
    SELECT 'L4', k.table_name, 'is named for policy ' || k.name || ' but does not exist'
    FROM known_policies k WHERE k.table_name <> '*' AND NOT EXISTS (SELECT FROM tenant_tables t WHERE t.name = k.table_name)
    UNION ALL
    SELECT 'L5', table_name, 'unique index ' || name || ' lacks tenant_id' FROM indexes WHERE is_unique AND NOT has_tenant AND NOT is_surrogate
    UNION ALL
    SELECT 'L6', k.child, 'foreign key ' || k.conname || ' to ' || k.parent || ' has no key with tenant_id beside it'
    FROM keys k
    WHERE NOT EXISTS (
        SELECT FROM keys w
        WHERE w.conrelid = k.conrelid AND w.confrelid = k.confrelid AND w.convalidated
          AND k.child_tenant IS NOT NULL AND w.conkey @> k.conkey
          AND w.confkey[array_position(w.conkey, k.child_tenant)] = k.parent_tenant
    )
    UNION ALL
    -- A column that is a reference by its name, without any key: Django was not told, so nothing above sees it.
    SELECT 'L6', t.name, a.attname || ' names a row but no foreign key holds it'
    FROM tenant_tables t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname LIKE '%%\_id' AND a.atttypid = 'bigint'::regtype AND NOT a.attisdropped
    WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = t.oid AND a.attnum = ANY (c.conkey))
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary AND i.indkey[0] = a.attnum)
      -- Versions point to what may be gone, and copy keys that were checked when the row was written.
      AND NOT EXISTS (SELECT FROM pg_attribute v WHERE v.attrelid = t.oid AND v.attname = 'pgh_obj_id')
      AND t.name || '.' || a.attname <> ALL (%(unkeyed)s)
    UNION ALL
    SELECT 'L6', u.name, 'is listed as a reference without key but is none' FROM unnest(%(unkeyed)s) AS u (name)
    WHERE NOT EXISTS (
        SELECT FROM tenant_tables t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped
        WHERE t.name || '.' || a.attname = u.name
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = t.oid AND a.attnum = ANY (c.conkey))
    )
    UNION ALL
    SELECT 'L7', name, 'is a view that ' || reader || ' reads with its owner''s rights: set security_invoker'
    FROM readable WHERE relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions) OR 'security_invoker=on' = ANY (reloptions), false)
    UNION ALL
    SELECT 'L8', name, 'is a materialised view that ' || reader || ' may read' FROM readable WHERE relkind = 'm'
    UNION ALL
    SELECT 'L9', f.signature, 'runs with its owner''s rights, ' || s.rolname || ' may call it, and it is not listed'
    FROM functions f JOIN serving s ON has_function_privilege(s.oid, f.oid, 'EXECUTE')
    WHERE f.signature <> ALL (%(definers)s)
    UNION ALL
    SELECT 'L9', f.signature, 'runs with its owner''s rights without a fixed search_path'
    FROM functions f WHERE coalesce('search_path=pg_catalog, pg_temp' <> ALL (f.proconfig), true)
    UNION ALL
    SELECT 'L9', d.signature, 'is listed but is no such function' FROM unnest(%(definers)s) AS d (signature)
    WHERE NOT EXISTS (SELECT FROM functions f WHERE f.signature = d.signature)
    UNION ALL
    SELECT 'L10', w.name, 'is missing' FROM unnest(%(serving)s || %(owner)s::text) AS w (name)
    WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = w.name)
    UNION ALL
    SELECT 'L10', r.rolname, 'is superuser, passes policies, or may make roles or databases' FROM pg_roles r
    WHERE (r.rolname = ANY (%(serving)s) OR r.rolname = %(owner)s)
      AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)
    UNION ALL
    SELECT 'L10', s.rolname, 'is a member of ' || r.rolname
    FROM serving s JOIN pg_roles r ON r.oid <> s.oid AND NOT r.rolsuper AND pg_has_role(s.oid, r.oid, 'MEMBER')
    UNION ALL
    -- A superuser is a member of everything by definition; asked for by name it is a granted membership.
    SELECT 'L10', s.rolname, 'is a member of the superuser ' || r.rolname
    FROM serving s JOIN pg_auth_members m ON m.member = s.oid JOIN pg_roles r ON r.oid = m.roleid AND r.rolsuper
    UNION ALL
    SELECT 'L10', s.rolname, 'owns ' || r.name FROM serving s JOIN relations r ON r.relowner = s.oid AND r.relkind NOT IN ('i', 'I', 'S')
    UNION ALL
    SELECT 'L10', s.rolname, 'owns schema ' || n.nspname FROM serving s JOIN schemas n ON n.nspowner = s.oid
    UNION ALL
    SELECT 'L10', s.rolname, 'owns the database' FROM serving s JOIN pg_database d ON d.datname = current_database() AND d.datdba = s.oid
    UNION ALL
    SELECT 'L11', name, grantee || ' has ' || privilege_type FROM rights
    WHERE privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') OR relkind = 'S'
    UNION ALL
    SELECT 'L12', 'schema ' || n.nspname, g.name || ' may create in it'
    FROM schemas n CROSS JOIN LATERAL aclexplode(n.nspacl) a JOIN reached g ON g.oid = a.grantee WHERE a.privilege_type = 'CREATE'
    UNION ALL
    SELECT 'L12', 'database', g.name || ' has ' || a.privilege_type
    FROM pg_database d
    CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    JOIN reached g ON g.oid = a.grantee
    WHERE d.datname = current_database() AND a.privilege_type IN ('CREATE', 'TEMPORARY')
    UNION ALL
    SELECT 'L13', table_name, 'index ' || name || ' does not lead with tenant_id' FROM indexes WHERE NOT leads AND NOT is_surrogate
)
SELECT rule, object, problem FROM findings ORDER BY substr(rule, 2)::int, object, problem
