/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a responder has written down about an action, for a person who wants to look at what it
 * keeps; and who has looked. */
#include "config.h"

#include <string.h>

#include "store/ac-store-private.h"

static JsonObject *
parse_object (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (JsonNode) node = ac_json_parse (bytes, error);
  JsonObject *object = node != NULL ? ac_json_root_object (node, error) : NULL;

  return object != NULL ? json_object_ref (object) : NULL;
}

static gboolean
load_receipt (AcSql *sql, const char *id, char **asset, JsonObject **receipt, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load_by_id (sql, id, error);
  g_autoptr (AcSqlReset) query = NULL;

  if (row == NULL)
    return FALSE;
  query = ac_sql_query (sql, error,
                        "SELECT r.asset, r.body FROM receipts AS r "
                        "JOIN action_assets AS a ON a.action = r.action AND a.asset = r.asset "
                        "WHERE r.action = ?1 AND (?2 IS NULL OR r.asset = ?2) "
                        "ORDER BY a.moved DESC, a.position LIMIT 1",
                        "is", row->seq, *asset);
  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      g_free (*asset);
      *asset = g_strdup (ac_sql_text (query, 0));
      *receipt = parse_object (ac_sql_text (query, 1), error);
      return *receipt != NULL;
    case AC_SQL_DONE:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                   "Nothing was done for the action “%s”%s%s that could be looked at.", id,
                   *asset != NULL ? " on " : "", *asset != NULL ? *asset : "");
      return FALSE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

/**
 * ac_store_get_receipt:
 * @id: of an action
 * @asset: (inout) (nullable) (transfer full): one of its assets, or %NULL for the first that has a
 * receipt, before all others one where there is something to bring back; which it then is
 *
 * Returns: (transfer full): what the responder has written down last, or %NULL with
 * AC_STORE_ERROR_NOT_FOUND or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_get_receipt (AcStore *self, const char *id, char **asset, GError **error)
{
  JsonObject *receipt = NULL;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL && asset != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  load_receipt (sql, id, asset, &receipt, error);
  ac_store_end_read (self, sql);
  return receipt;
}

/**
 * ac_store_audit_view:
 * @id: of an action
 * @asset: what of it was looked at
 *
 * Notes in the audit log that somebody has looked at what was kept.
 *
 * Returns: %TRUE when it is on disk.
 */
gboolean
ac_store_audit_view (AcStore *self,
                     const AcActor *actor,
                     const char *id,
                     const char *asset,
                     GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autoptr (AcActionRow) row = NULL;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      (row = ac_action_row_load_by_id (write.sql, id, error)) == NULL)
    return FALSE;
  return ac_write_audit (&write,
                         &(AcAuditRow){ .event = "view",
                                        .kind = "action",
                                        .id = row->id,
                                        .version = row->version,
                                        .action = row->seq,
                                        .comment = asset },
                         error) &&
         ac_write_commit (&write, error);
}
