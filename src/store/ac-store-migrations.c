/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a database from the version it has (PRAGMA user_version) to that of this program. Each
 * step is one file of migrations/ and one transaction; a file is never changed once it was
 * released. */
#include "config.h"

#include "store/ac-store-private.h"
#include "store/ac-store-resources.h"

#define FOLDER "/org/actioncenter/store/migrations/"

/* The n-th brings version n to n + 1. */
static const char *const migrations[] = {
  "0001-first-schema.sql",   "0002-search.sql",       "0003-retention.sql",
  "0004-file-hash.sql",      "0005-clusters.sql",     "0006-stopping.sql",
  "0007-investigations.sql", "0008-explorer.sql",     "0009-list-columns.sql",
  "0010-search-detail.sql",  "0011-undo-of-some.sql", "0012-action-texts.sql",
};

guint
ac_store_n_migrations (void)
{
  return G_N_ELEMENTS (migrations);
}

static gboolean
get_version (AcSql *sql, gint64 *version, GError **error)
{
  if (!ac_sql_get_integer (sql, version, 0, error, "PRAGMA user_version", ""))
    return FALSE;
  if (*version >= 0 && *version <= (gint64)ac_store_n_migrations ())
    return TRUE;
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
               "The database was written by a newer version of the service (its schema is number "
               "%" G_GINT64_FORMAT ", this program knows those up to %u). Start the newer version.",
               *version, ac_store_n_migrations ());
  return FALSE;
}

static gboolean
run_migration (AcSql *sql, guint index, GError **error)
{
  g_autofree char *path = g_strconcat (FOLDER, migrations[index], NULL);
  g_autofree char *script = NULL;
  g_autoptr (GBytes) bytes =
      g_resource_lookup_data (ac_store_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (bytes == NULL)
    return FALSE;
  script = g_strdup_printf ("BEGIN IMMEDIATE;\n%.*s;\nPRAGMA user_version = %u;\nCOMMIT;",
                            (int)g_bytes_get_size (bytes),
                            (const char *)g_bytes_get_data (bytes, NULL), index + 1);
  if (ac_sql_exec (sql, script, error))
    return TRUE;
  if (ac_sql_in_transaction (sql))
    ac_sql_exec (sql, "ROLLBACK", NULL);
  g_prefix_error (error, "The database could not be brought from version %u to %u: ", index,
                  index + 1);
  return FALSE;
}

static gboolean
run_migrations (AcSql *sql, guint from, guint to, GError **error)
{
  for (guint i = from; i < to; i++)
    if (!run_migration (sql, i, error))
      return FALSE;
  return TRUE;
}

/* What a migration took out of the rows left their pages half empty, which a copy of the database
 * mends. It is wanted until it was done: a service that is stopped meanwhile, or has no room for
 * the copy, starts all the same, and tries again the next time. */
static gboolean
shorten_if_wanted (AcSql *sql, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  gint64 wanted;

  if (!ac_sql_get_integer (sql, &wanted, 0, error,
                           "SELECT count (*) FROM meta WHERE name = 'shorten'", ""))
    return FALSE;
  if (wanted == 0)
    return TRUE;
  g_message ("The database is copied once, to be shorter, which takes a minute where there are a "
             "million actions");
  if (ac_sql_exec (sql, "VACUUM", &trouble) &&
      ac_sql_run (sql, &trouble, "DELETE FROM meta WHERE name = 'shorten'", ""))
    return TRUE;
  g_message ("The database keeps room that it does not need until the next start, which tries "
             "again. The copy needs as much room as the database, beside it and in the folder of "
             "temporary files: %s",
             trouble->message);
  return TRUE;
}

/**
 * ac_store_migrate:
 * @version: up to which; ac_store_n_migrations() for all
 *
 * Returns: whether the database is at @version, or beyond it at one that this program knows.
 */
gboolean
ac_store_migrate (AcSql *sql, guint version, GError **error)
{
  gint64 current;
  gboolean good;

  if (!get_version (sql, &current, error))
    return FALSE;
  /* Whoever has just put a newer version in place wonders why nobody answers yet. */
  if (current > 0 && current < (gint64)version)
    g_message ("The database is brought from version %" G_GINT64_FORMAT " to %u, which takes a "
               "minute or two where there are a million actions",
               current, version);
  /* What is sorted for an index, and a copy of everything, are not to be in memory. */
  if (!ac_sql_exec (sql, "PRAGMA temp_store = FILE", error))
    return FALSE;
  good = run_migrations (sql, (guint)current, version, error) &&
         (version < ac_store_n_migrations () || shorten_if_wanted (sql, error));
  ac_sql_exec (sql, "PRAGMA temp_store = MEMORY", NULL);
  return good;
}

/**
 * ac_store_check_version:
 *
 * Returns: whether the database is at the version of this program.
 */
gboolean
ac_store_check_version (AcSql *sql, GError **error)
{
  gint64 version;

  if (!get_version (sql, &version, error))
    return FALSE;
  if (version == (gint64)ac_store_n_migrations ())
    return TRUE;
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
               "The database is of an older version (its schema is number %" G_GINT64_FORMAT
               ", not %u). Start the service once, which brings it up to date.",
               version, ac_store_n_migrations ());
  return FALSE;
}
