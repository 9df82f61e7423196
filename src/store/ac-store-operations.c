/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decision over many actions: all of them or none, once for each Idempotency-Key. */
#include "config.h"

#include <string.h>

#include "model/ac-json-text.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/* Operations over this much work, each action counted once an asset, are bulk work, which smaller
 * ones overtake; and of bulk work, the large is overtaken by what is not as large. */
static const gint64 lanes[] = { 20, 1000 };

/* A second request with this digest is the same request. */
static char *
request_digest (const AcOperationRequest *request)
{
  g_autoptr (JsonObject) object = ac_operation_request_to_json (request);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = ac_json_canonical (node);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* *operation is 0 when the key is new. */
static gboolean
find_replay (AcWrite *write, const char *key, const char *digest, gint64 *operation, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      write->sql, error, "SELECT digest, operation FROM idempotency WHERE actor = ? AND key = ?",
      "ss", write->actor->name, key);

  *operation = 0;
  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (write->sql, query, error))
    {
    case AC_SQL_ROW:
      if (strcmp (ac_sql_text (query, 0), digest) == 0)
        {
          *operation = sqlite3_column_int64 (query, 1);
          return TRUE;
        }
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_KEY_REUSED,
                   "The Idempotency-Key “%s” was used before for another request. Send this one "
                   "with a new key.",
                   key);
      return FALSE;
    case AC_SQL_DONE:
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

static GPtrArray *
load_rows (AcSql *sql, const GStrv ids, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_action_row_free);

  for (char **id = ids; *id != NULL; id++)
    {
      AcActionRow *row = ac_action_row_load_by_id (sql, *id, error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (rows, row);
    }
  return g_steal_pointer (&rows);
}

/* What undo does is another thing for each type, so a person must see one type at a time. */
static gboolean
check_types (AcDecision decision, GPtrArray *rows, GError **error)
{
  gboolean seen[32] = { FALSE };
  g_autoptr (GString) list = g_string_new (NULL);
  guint n = 0;

  if (decision != AC_DECISION_UNDO)
    return TRUE;
  for (guint i = 0; i < rows->len; i++)
    {
      const AcActionRow *row = rows->pdata[i];

      g_assert (row->type < G_N_ELEMENTS (seen));
      if (seen[row->type])
        continue;
      seen[row->type] = TRUE;
      g_string_append_printf (list, "%s%s", n++ > 0 ? ", " : "", ac_action_type_wire (row->type));
    }
  if (n == 1)
    return TRUE;
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_MIXED_TYPES,
               "Only actions of one type can be undone together; these are of the types %s.",
               list->str);
  return FALSE;
}

/* "Already approved by j.doe on 2026-11-23 at 20:15:01 UTC." */
static char *
conflict_words (const AcConflict *conflict, AcDecision decision)
{
  g_autoptr (GDateTime) date_time = NULL;
  g_autofree char *when = NULL;
  const char *what;

  if (conflict->decided_by == NULL)
    return g_strdup_printf ("The action is %s, which does not allow “%s”.", conflict->status,
                            ac_decision_wire (decision));
  switch (ac_decision_parse (conflict->decision))
    {
    case AC_DECISION_APPROVE:
      what = "approved";
      break;
    case AC_DECISION_REJECT:
      what = "rejected";
      break;
    case AC_DECISION_UNDO:
      what = "undone";
      break;
    case AC_DECISION_RETRY:
      what = "tried again";
      break;
    case AC_DECISION_UNKNOWN:
    default:
      what = "decided";
      break;
    }
  date_time = g_date_time_new_from_unix_utc (conflict->decided_at / G_USEC_PER_SEC);
  when = g_date_time_format (date_time, "%Y-%m-%d at %H:%M:%S UTC");
  return g_strdup_printf ("Already %s by %s on %s; the action is now %s.", what,
                          conflict->decided_by, when, conflict->status);
}

static gboolean
add_conflict (AcSql *sql, AcProblem *problem, const AcActionRow *row, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error, "SELECT decision, decided_by, created_at FROM operations WHERE seq = ?", "i",
      row->operation);

  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      ac_problem_add_conflict (problem, row->id, ac_status_wire (row->status),
                               ac_sql_text (query, 0), ac_sql_text (query, 1),
                               ac_sql_time (query, 2));
      return TRUE;
    case AC_SQL_DONE:
      ac_problem_add_conflict (problem, row->id, ac_status_wire (row->status), NULL, NULL,
                               AC_TIME_NONE);
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

static char *
conflict_detail (const AcProblem *conflicts,
                 AcDecision decision,
                 gboolean nothing_moved,
                 guint n_actions)
{
  g_autofree char *first = nothing_moved
                               ? g_strdup ("Nothing was moved, so there is nothing to undo.")
                               : conflict_words (conflicts->conflicts->pdata[0], decision);

  if (n_actions == 1)
    return g_steal_pointer (&first);
  return g_strdup_printf ("%u of the %u actions do not allow this, so nothing was done. The first "
                          "of them: %s",
                          conflicts->conflicts->len, n_actions, first);
}

/* Fills *problem and fails when some action does not allow the event. */
static gboolean
check_conflicts (AcSql *sql,
                 AcDecision decision,
                 AcEvent event,
                 GPtrArray *rows,
                 AcProblem **problem,
                 GError **error)
{
  g_autoptr (AcProblem) found = ac_problem_new (409, "urn:action-center:problem:conflict",
                                                "The actions do not allow this decision", NULL);
  gboolean nothing_moved = FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const AcActionRow *row = rows->pdata[i];
      gboolean allowed = ac_transition_find (row->status, event, NULL);

      if (allowed && (decision != AC_DECISION_UNDO || ac_store_may_undo (row->status, row->moved)))
        continue;
      if (found->conflicts->len == 0)
        nothing_moved = allowed;
      if (!add_conflict (sql, found, row, error))
        return FALSE;
    }
  if (found->conflicts->len == 0)
    return TRUE;
  found->detail = conflict_detail (found, decision, nothing_moved, rows->len);
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT, found->detail);
  if (problem != NULL)
    *problem = g_steal_pointer (&found);
  return FALSE;
}

/* Whether a responder has to do something in this status, and in which direction. */
static gboolean
needs_work (AcStatus status, gboolean *undo)
{
  AcStatus working;

  if (!ac_transition_find (status, AC_EVENT_START, &working))
    return FALSE;
  *undo = working == AC_STATUS_UNDOING;
  return TRUE;
}

/* The row allows the event. */
static gboolean
check_assets (AcSql *sql,
              const AcOperationRequest *request,
              AcEvent event,
              const AcActionRow *row,
              GError **error)
{
  AcStatus after = AC_STATUS_UNKNOWN;
  gboolean undo = FALSE;

  ac_transition_find (row->status, event, &after);
  needs_work (after, &undo);
  return ac_store_check_assets (sql, request, row, undo, error);
}

static gboolean
insert_operation (AcWrite *write,
                  const AcOperationRequest *request,
                  const char *id,
                  gint64 n_actions,
                  gboolean finished,
                  gint64 not_before,
                  gint64 *seq,
                  GError **error)
{
  const char *decision = ac_decision_wire (request->decision);
  g_autofree char *assets = ac_store_json_words (request->assets);

  if (!ac_sql_run (write->sql, error,
                   "INSERT INTO operations (id, version, decision, assets, comment, decided_by, "
                   "  origin, created_at, finished_at, take_back_until, total, waiting, done, "
                   "  failed, skipped) "
                   "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                   "ssssssittiii", id, decision, assets, request->comment, write->actor->name,
                   write->actor->origin, write->now, finished ? write->now : AC_TIME_NONE,
                   not_before, n_actions, finished ? (gint64)0 : n_actions,
                   finished ? n_actions : (gint64)0))
    return FALSE;
  *seq = ac_sql_last_id (write->sql);
  return ac_write_audit (write,
                         &(AcAuditRow){ .event = decision,
                                        .kind = "operation",
                                        .id = id,
                                        .version = 1,
                                        .operation = *seq,
                                        .comment = request->comment },
                         error) &&
         ac_write_change (write, "operation", *seq, 1, error);
}

/* A retry is for those assets only that failed, an undo for those that were moved, the retry of an
 * undo for those of them that one was asked for; and each only for those that the request names,
 * where it names some. */
static gboolean
insert_work (AcWrite *write,
             const AcOperationRequest *request,
             const AcActionRow *row,
             gboolean undo,
             gint64 lane,
             gint64 not_before,
             GError **error)
{
  const char *type = ac_action_type_wire (row->type);
  g_autofree char *assets = ac_store_json_words (request->assets);
  gboolean anew = request->decision == AC_DECISION_UNDO || assets != NULL;

  if (!ac_sql_run (
          write->sql, error,
          "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at, state, "
          "  not_before) "
          "SELECT action, position, asset, ?1, ?2, ?3, ?4, ?6, ?7 FROM action_assets "
          "WHERE action = ?5 AND CASE WHEN ?2 THEN moved AND (undo OR ?8) "
          "  ELSE outcome IS NULL OR outcome = 'failed' END "
          "AND (?9 IS NULL OR asset IN (SELECT value FROM json_each (?9)))",
          "siiiistis", type, (gint64)undo, lane, write->now, row->seq,
          not_before != AC_TIME_NONE ? "delayed" : "ready", not_before, (gint64)anew, assets))
    return FALSE;
  if (ac_sql_n_changed (write->sql) > 0)
    return !undo || ac_sql_run (write->sql, error,
                                "UPDATE action_assets SET undo = 1 WHERE action = ?1 AND EXISTS "
                                "(SELECT 1 FROM work AS w WHERE w.action = ?1 "
                                " AND w.position = action_assets.position)",
                                "i", row->seq);
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
               "The database is damaged: the action %s has nothing to be worked on.", row->id);
  return FALSE;
}

static gboolean
give_work (AcWrite *write,
           const AcOperationRequest *request,
           AcActionRow *row,
           gboolean undo,
           gint64 lane,
           gint64 not_before,
           GError **error)
{
  AcDecision decision = request->decision;
  gboolean has_targets = FALSE;

  /* Only an approval of forwarding is looked at: an undo is about what was done, and in a retry the
   * responder leaves what was not approved. */
  if (ac_store_looks_for_targets (row->type) &&
      (row->type != AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING || decision == AC_DECISION_APPROVE))
    {
      if (!ac_store_has_cluster (write->sql, row->seq, &has_targets, error) ||
          (has_targets &&
           !ac_write_cluster_decision (write, row, decision, undo, lane, not_before, error)))
        return FALSE;
    }
  return (has_targets && !undo) || insert_work (write, request, row, undo, lane, not_before, error);
}

/* The timeline shows this in place of the comment, which stands in the operation. */
static char *
scope_words (const AcOperationRequest *request)
{
  g_autofree char *assets = NULL;

  if (request->assets == NULL)
    return NULL;
  assets = g_strjoinv (", ", request->assets);
  return g_strconcat ("Only for ", assets, ".", request->comment != NULL ? "\n" : NULL,
                      request->comment, NULL);
}

static gboolean
decide_action (AcWrite *write,
               const AcOperationRequest *request,
               AcActionRow *row,
               AcEvent event,
               const AcDecisionPlace *place,
               GError **error)
{
  const char *before = ac_status_wire (row->status);
  g_autofree char *words = scope_words (request);
  gboolean undo;

  return ac_write_transition (write, row, event, place, words, error) &&
         ac_sql_run (write->sql, error,
                     "INSERT INTO operation_items (operation, position, action, before, state) "
                     "VALUES (?, ?, ?, ?, ?)",
                     "iiiss", place->operation, place->position, row->seq, before,
                     needs_work (row->status, &undo) ? "queued" : "done");
}

/**
 * ac_store_lane:
 * @n: how much there is to do
 *
 * Returns: how urgent that is by its size: 0 is first.
 */
gint64
ac_store_lane (gint64 n)
{
  gint64 lane = 0;

  while (lane < (gint64)G_N_ELEMENTS (lanes) && n > lanes[lane])
    lane++;
  return lane;
}

static gboolean
find_lane (AcSql *sql,
           const AcOperationRequest *request,
           GPtrArray *rows,
           gint64 *lane,
           GError **error)
{
  gint64 most = lanes[G_N_ELEMENTS (lanes) - 1];
  gint64 n = 0;

  if (request->assets != NULL)
    {
      *lane = ac_store_lane (g_strv_length (request->assets));
      return TRUE;
    }
  for (guint i = 0; i < rows->len && n <= most && rows->len <= most; i++)
    {
      gint64 n_assets;

      if (!ac_sql_get_integer (sql, &n_assets, 0, error,
                               "SELECT count (*) FROM action_assets WHERE action = ?", "i",
                               ((const AcActionRow *)rows->pdata[i])->seq))
        return FALSE;
      n += n_assets;
    }
  *lane = ac_store_lane (MAX (n, rows->len));
  return TRUE;
}

/* The status an item's action had right after the decision, how far the item was then, and whether
 * it was on the way back. */
static const char *
first_status (const char *decision, const char *before, const char **state, gboolean *undo)
{
  AcStatus after = AC_STATUS_UNKNOWN;
  AcEvent event = AC_EVENT_APPROVE;

  *undo = FALSE;
  ac_event_from_decision (ac_decision_parse (decision), &event);
  ac_transition_find (ac_status_parse (before), event, &after);
  *state = needs_work (after, undo) ? "queued" : "done";
  return ac_status_wire (after);
}

/* @detail: (nullable)
 * @undo: whether it was on the way back, and the decision does not say so itself */
static void
add_item (GString *text,
          const char *action_id,
          const char *status,
          const char *state,
          const char *detail,
          gboolean undo)
{
  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "actionId", action_id);
  ac_json_text_add_string (text, "status", status);
  ac_json_text_add_string (text, "state", state);
  ac_json_text_add_string (text, "detail", detail);
  if (undo)
    ac_json_text_add_boolean (text, "undo", TRUE);
  ac_json_text_close (text, '}');
}

/* What add_items() would read of actions that have just been decided. */
static void
add_decided (GPtrArray *rows, gboolean is_retry, GString *text, gint64 *n_waiting)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const AcActionRow *row = rows->pdata[i];
      gboolean undo = FALSE;
      gboolean works = needs_work (row->status, &undo);

      *n_waiting += works;
      add_item (text, row->id, ac_status_wire (row->status), works ? "queued" : "done", NULL,
                undo && is_retry);
    }
}

static gboolean
add_items (AcSql *sql,
           gint64 seq,
           const char *decision,
           gboolean at_first,
           GString *text,
           gint64 *n_waiting,
           GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT a.id, a.status, i.before, i.state, i.detail FROM operation_items AS i "
                    "CROSS JOIN actions AS a ON a.seq = i.action "
                    "WHERE i.operation = ? ORDER BY i.position",
                    "i", seq);
  gboolean is_retry = ac_decision_parse (decision) == AC_DECISION_RETRY;
  AcSqlStep step = AC_SQL_ERROR;

  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      const char *status = ac_sql_text (query, 1);
      const char *state = ac_sql_text (query, 3);
      const char *state_then;
      gboolean undo;
      const char *status_then = first_status (decision, ac_sql_text (query, 2), &state_then, &undo);

      if (at_first)
        {
          status = status_then;
          state = state_then;
        }
      *n_waiting += g_str_equal (state, "queued");
      add_item (text, ac_sql_text (query, 0), status, state,
                at_first ? NULL : ac_sql_text (query, 4), undo && is_retry);
    }
  return step == AC_SQL_DONE;
}

static void
add_counts (GString *text, gint64 total, gint64 waiting, gint64 done, gint64 failed, gint64 skipped)
{
  ac_json_text_add_name (text, "counts");
  ac_json_text_open (text, '{');
  ac_json_text_add_integer (text, "total", total);
  ac_json_text_add_integer (text, "waiting", waiting);
  ac_json_text_add_integer (text, "done", done);
  ac_json_text_add_integer (text, "failed", failed);
  ac_json_text_add_integer (text, "skipped", skipped);
  ac_json_text_close (text, '}');
}

static void
add_progress (GString *text, gint64 waiting, gint64 finished_at)
{
  AcOperationStatus status =
      waiting > 0 ? AC_OPERATION_STATUS_RUNNING : AC_OPERATION_STATUS_FINISHED;

  ac_json_text_add_string (text, "status",
                           ac_vocabulary_wire (AC_VOCABULARY_OPERATION_STATUS, (int)status));
  ac_json_text_add_time (text, "finishedAt", finished_at);
}

/* The operation as the API shows it.
 * @at_first: as it was right after the decision, which the first answer to it showed
 * @decided: (nullable) (element-type AcActionRow): its actions, where they have just been decided
 * @id: (out) (optional) (transfer full): which it is */
static gboolean
add_operation (AcSql *sql,
               gint64 seq,
               gboolean with_items,
               gboolean at_first,
               GPtrArray *decided,
               GString *text,
               char **id,
               GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT id, decision, comment, decided_by, created_at, finished_at, total, "
                    "  waiting, done, failed, skipped, take_back_until, assets FROM operations "
                    "WHERE seq = ?",
                    "i", seq);
  gint64 total;
  gint64 waiting = 0;

  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW)
    return FALSE;
  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "id", ac_sql_text (query, 0));
  ac_json_text_add_string (text, "decision", ac_sql_text (query, 1));
  ac_json_text_add_json (text, "assets", ac_sql_text (query, 12));
  ac_json_text_add_string (text, "comment", ac_sql_text (query, 2));
  ac_json_text_add_string (text, "decidedBy", ac_sql_text (query, 3));
  ac_json_text_add_time (text, "createdAt", ac_sql_time (query, 4));
  ac_json_text_add_time (text, "takeBackUntil", ac_sql_time (query, 11));
  if (with_items)
    {
      const char *decision = ac_sql_text (query, 1);

      ac_json_text_add_name (text, "items");
      ac_json_text_open (text, '[');
      if (decided != NULL)
        add_decided (decided, ac_decision_parse (decision) == AC_DECISION_RETRY, text, &waiting);
      else if (!add_items (sql, seq, decision, at_first, text, &waiting, error))
        return FALSE;
      ac_json_text_close (text, ']');
    }
  total = sqlite3_column_int64 (query, 6);
  if (at_first)
    {
      add_counts (text, total, waiting, total - waiting, 0, 0);
      add_progress (text, waiting, waiting > 0 ? AC_TIME_NONE : ac_sql_time (query, 4));
    }
  else
    {
      add_counts (text, total, sqlite3_column_int64 (query, 7), sqlite3_column_int64 (query, 8),
                  sqlite3_column_int64 (query, 9), sqlite3_column_int64 (query, 10));
      add_progress (text, sqlite3_column_int64 (query, 7), ac_sql_time (query, 5));
    }
  ac_json_text_close (text, '}');
  if (id != NULL)
    *id = g_strdup (ac_sql_text (query, 0));
  return TRUE;
}

static GBytes *
read_operation (AcSql *sql, gint64 seq, gboolean with_items, gboolean at_first, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!add_operation (sql, seq, with_items, at_first, NULL, text, NULL, error))
    return NULL;
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/**
 * ac_store_load_operation:
 * @seq: its row, which exists
 *
 * Returns: (transfer full): the operation as the API shows it, or %NULL.
 */
JsonObject *
ac_store_load_operation (AcSql *sql, gint64 seq, gboolean with_items, GError **error)
{
  g_autoptr (GBytes) bytes = read_operation (sql, seq, with_items, FALSE, error);
  g_autoptr (JsonNode) node = bytes != NULL ? ac_json_parse (bytes, error) : NULL;

  return node != NULL ? json_node_dup_object (node) : NULL;
}

/* All rows allow the event: nothing can go wrong any more but the disk. */
static gboolean
decide (AcWrite *write,
        const AcOperationRequest *request,
        AcEvent event,
        GPtrArray *rows,
        gint64 grace,
        gint64 *seq,
        GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  /* An undo is the way out of a mistake; it does not wait. */
  gint64 not_before =
      request->decision == AC_DECISION_APPROVE && grace > 0 ? write->now + grace : AC_TIME_NONE;
  AcStatus after = AC_STATUS_UNKNOWN;
  gboolean undo;
  gint64 lane;

  ac_transition_find (((const AcActionRow *)rows->pdata[0])->status, event, &after);
  if (!find_lane (write->sql, request, rows, &lane, error) ||
      !insert_operation (write, request, id, rows->len, !needs_work (after, &undo), not_before, seq,
                         error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      AcDecisionPlace place = { *seq, i, ac_decision_wire (request->decision) };

      if (!decide_action (write, request, rows->pdata[i], event, &place, error))
        return FALSE;
    }
  /* One table after the other: thousands of actions and their work have no room in the cache
   * together. */
  for (guint i = 0; i < rows->len; i++)
    {
      AcActionRow *row = rows->pdata[i];

      if (needs_work (row->status, &undo) &&
          !give_work (write, request, row, undo, lane, not_before, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ac_store_submit_operation:
 * @idempotency_key: of the request, chosen by @actor
 * @id: (out) (optional) (transfer full): of the operation
 * @replayed: (out) (optional): whether the same request had been carried out before
 * @problem: (out) (optional): who was first, with AC_STORE_ERROR_CONFLICT
 *
 * Returns: (transfer full): the operation as it was right after the decision, as JSON text; or
 * %NULL with any AcStoreError and nothing changed.
 */
GBytes *
ac_store_submit_operation (AcStore *self,
                           const AcOperationRequest *request,
                           const char *idempotency_key,
                           const AcActor *actor,
                           char **id,
                           gboolean *replayed,
                           AcProblem **problem,
                           GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autofree char *digest = NULL;
  g_autofree char *operation_id = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GString) answer = NULL;
  gint64 operation;
  AcEvent event;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (request != NULL && request->action_ids != NULL, NULL);
  g_return_val_if_fail (request->action_ids[0] != NULL, NULL);
  g_return_val_if_fail (idempotency_key != NULL, NULL);
  g_return_val_if_fail (actor != NULL && actor->name != NULL, NULL);
  g_return_val_if_fail (ac_event_from_decision (request->decision, &event), NULL);

  digest = request_digest (request);
  if (replayed != NULL)
    *replayed = FALSE;
  if (!ac_store_begin_write (self, &write, actor, error) ||
      !find_replay (&write, idempotency_key, digest, &operation, error))
    return NULL;
  answer = g_string_new (NULL);
  if (operation != 0)
    {
      if (replayed != NULL)
        *replayed = TRUE;
      if (!add_operation (write.sql, operation, TRUE, TRUE, NULL, answer, id, error))
        return NULL;
      return g_string_free_to_bytes (g_steal_pointer (&answer));
    }

  rows = load_rows (write.sql, request->action_ids, error);
  if (rows == NULL || !check_types (request->decision, rows, error) ||
      (request->include_instances && !ac_store_add_instances (write.sql, rows, error)) ||
      !check_conflicts (write.sql, request->decision, event, rows, problem, error) ||
      !check_assets (write.sql, request, event, rows->pdata[0], error) ||
      !ac_store_check_proposer (self, write.sql, request->decision, actor, rows, error) ||
      !ac_store_check_clusters (self, write.sql, request, rows, write.now, problem, error) ||
      !decide (&write, request, event, rows, self->grace, &operation, error) ||
      !ac_sql_run (write.sql, error, "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?)", "sssii",
                   actor->name, idempotency_key, digest, operation, write.now) ||
      !add_operation (write.sql, operation, TRUE, TRUE, rows, answer, &operation_id, error) ||
      !ac_write_commit (&write, error))
    return NULL;
  if (id != NULL)
    *id = g_steal_pointer (&operation_id);
  return g_string_free_to_bytes (g_steal_pointer (&answer));
}

/**
 * ac_store_get_operation:
 * @with_items: whether its actions are wanted, too
 *
 * Returns: (transfer full): the operation as JSON text, or %NULL with AC_STORE_ERROR_NOT_FOUND or
 * AC_STORE_ERROR_FAILED.
 */
GBytes *
ac_store_get_operation (AcStore *self, const char *id, gboolean with_items, GError **error)
{
  GBytes *operation = NULL;
  gint64 seq;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  if (ac_sql_get_integer (sql, &seq, 0, error, "SELECT seq FROM operations WHERE id = ?", "s", id))
    {
      if (seq != 0)
        operation = read_operation (sql, seq, with_items, FALSE, error);
      else
        g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no operation “%s”.",
                     id);
    }
  ac_store_end_read (self, sql);
  return operation;
}
