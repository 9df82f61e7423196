/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions for some of the assets of an action: whether there is something to do on each. */
#include "config.h"

#include "store/ac-store-private.h"

/**
 * ac_store_may_undo_singly:
 *
 * Returns: whether an action of @type can be undone for some of its assets. What was done to a
 * cluster is counted, confirmed and undone message by message, all of it at once.
 */
gboolean
ac_store_may_undo_singly (AcActionType type)
{
  return type != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER;
}

static gboolean
refuse_outcome (sqlite3_stmt *query, const char *asset, gboolean undo, GError **error)
{
  AcOutcome outcome = ac_outcome_parse (ac_sql_text (query, 2));
  const char *why;

  if (!undo)
    why = "it has not failed there";
  else if (outcome == AC_OUTCOME_RESTORED || outcome == AC_OUTCOME_ALREADY_RESTORED)
    why = "it was undone there before";
  else
    why = "nothing was changed there";
  g_set_error (
      error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
      "There is nothing to %s for “%s”: %s. Nothing was done for the others either; decide "
      "again without it.",
      undo ? "undo" : "try again", asset, why);
  return FALSE;
}

static gboolean
check_asset (AcSql *sql, const AcActionRow *row, const char *asset, gboolean undo, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT moved, outcome IS NULL OR outcome = 'failed', outcome "
                    "FROM action_assets WHERE action = ? AND asset = ?",
                    "is", row->seq, asset);

  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      return sqlite3_column_int (query, undo ? 0 : 1) != 0 ||
             refuse_outcome (query, asset, undo, error);
    case AC_SQL_DONE:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_ASSETS,
                   "“%s” is no asset of the action %s. Its “assets” say which there are.", asset,
                   row->id);
      return FALSE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

/**
 * ac_store_check_assets:
 * @row: of the only action of @request, which allows the decision
 * @undo: whether it is to be undone; else it is to be carried out
 *
 * Returns: whether there is something to do on each of the assets that @request names; else
 * AC_STORE_ERROR_BAD_ASSETS or AC_STORE_ERROR_CONFLICT, naming the first on which there is not.
 */
gboolean
ac_store_check_assets (AcSql *sql,
                       const AcOperationRequest *request,
                       const AcActionRow *row,
                       gboolean undo,
                       GError **error)
{
  if (request->assets == NULL)
    return TRUE;
  if (!ac_store_may_undo_singly (row->type))
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_ASSETS,
                   "The action %s is on a cluster, which is undone and tried again as a whole. "
                   "Leave “assets” out.",
                   row->id);
      return FALSE;
    }
  for (char **asset = request->assets; *asset != NULL; asset++)
    if (!check_asset (sql, row, *asset, undo, error))
      return FALSE;
  return TRUE;
}
