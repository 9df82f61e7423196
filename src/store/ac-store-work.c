/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is still to be carried out, on which asset, and what came of it. */
#include "config.h"

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/* Beyond the grace of an approval nothing is delayed for longer. */
#define LONGEST_DELAY (20 * G_TIME_SPAN_MINUTE)

static const AcActor service_actor = { "service", NULL };

void
ac_work_item_free (AcWorkItem *item)
{
  if (item == NULL)
    return;
  g_free (item->action_id);
  g_free (item->type);
  g_free (item->asset);
  g_clear_object (&item->entity);
  g_clear_pointer (&item->receipt, json_object_unref);
  g_strfreev (item->approved);
  g_free (item);
}

static gboolean
is_busy (const char *const *busy, const char *name)
{
  return busy != NULL && g_strv_contains (busy, name);
}

/* However it is spelled: many mail servers know one mailbox by its name in any case, and two
 * workers in it at once would do one thing twice. */
static gboolean
is_busy_asset (const char *const *busy, const char *name)
{
  for (; busy != NULL && *busy != NULL; busy++)
    if (g_ascii_strcasecmp (*busy, name) == 0)
      return TRUE;
  return FALSE;
}

/* The asset, type and direction whose turn it is. */
typedef struct
{
  gint64 seq; /* the first row of the work */
  char *asset;
  char *type;
  gboolean undo;
  gint64 bulk; /* the lane: the larger the operation, the higher */
} Turn;

/* What is not to be taken now. */
typedef struct
{
  const char *const *assets;
  const char *const *types;
  const char *const *urgent_types; /* but for small operations */
  gboolean oldest_first;           /* whatever is small: what has waited longest has this turn */
} Busy;

static gboolean
may_take (const Busy *busy, const char *asset, const char *type, gint64 bulk)
{
  return !is_busy_asset (busy->assets, asset) && !is_busy (busy->types, type) &&
         (bulk == 0 || !is_busy (busy->urgent_types, type));
}

static gboolean
find_turn (AcSql *sql, const Busy *busy, Turn *turn, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      busy->oldest_first
          ? "SELECT asset, type, undo, bulk, seq FROM work WHERE state = 'ready' ORDER BY seq"
          : "SELECT asset, type, undo, bulk, seq FROM work WHERE state = 'ready' "
            "ORDER BY bulk, seq",
      "");
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    if (may_take (busy, ac_sql_text (query, 0), ac_sql_text (query, 1),
                  sqlite3_column_int64 (query, 3)))
      {
        turn->asset = g_strdup (ac_sql_text (query, 0));
        turn->type = g_strdup (ac_sql_text (query, 1));
        turn->undo = sqlite3_column_int (query, 2) != 0;
        turn->bulk = sqlite3_column_int64 (query, 3);
        turn->seq = sqlite3_column_int64 (query, 4);
        return TRUE;
      }
  return step == AC_SQL_DONE;
}

/* NULL: what stands in the database cannot be read; the error says what of it in words. */
static AcEntity *
read_entity (sqlite3_stmt *query, GError **error)
{
  g_autoptr (JsonObject) object = ac_store_parse_object (ac_sql_text (query, 3), error);
  AcEntity *entity =
      object != NULL ? ac_entity_new_from_json (object, AC_JSON_LENIENT, NULL, error) : NULL;

  if (entity == NULL)
    g_prefix_error (error, "What the action is about cannot be read in the service's database: ");
  return entity;
}

/* TRUE without a receipt where none was written. */
static gboolean
read_receipt (sqlite3_stmt *query, JsonObject **receipt, GError **error)
{
  const char *text = ac_sql_text (query, 4);

  if (text == NULL)
    return TRUE;
  *receipt = ac_store_parse_object (text, error);
  if (*receipt == NULL)
    g_prefix_error (error, "What the service had written down about this before cannot be read in "
                           "its database: ");
  return *receipt != NULL;
}

/* Fills the item as far as it can be read; FALSE: not enough of it to be worked on. */
static gboolean
read_item (sqlite3_stmt *query, const Turn *turn, AcWorkItem *item, GError **error)
{
  item->action_id = g_strdup (ac_sql_text (query, 2));
  item->type = g_strdup (turn->type);
  item->asset = g_strdup (turn->asset);
  item->undo = turn->undo;
  item->bulk = turn->bulk > 0;
  item->decided_at = ac_sql_time (query, 5);
  item->attempts = (guint)sqlite3_column_int64 (query, 6);
  item->look = sqlite3_column_int64 (query, 7);
  item->stopped = sqlite3_column_int (query, 8) != 0;
  item->entity = read_entity (query, error);
  return item->entity != NULL && read_receipt (query, &item->receipt, error);
}

/* What was taken for one turn. */
typedef struct
{
  GArray *seqs;        /* gint64: rows of work of items */
  GArray *actions;     /* gint64: their actions */
  GPtrArray *items;    /* of AcWorkItem, to be worked on */
  GArray *bad_actions; /* gint64: the actions of bad_items */
  GPtrArray *bad_items;
  GPtrArray *bad_results; /* of AcActionResult: why they cannot be worked on */
} Taken;

static void
taken_clear (Taken *taken)
{
  g_clear_pointer (&taken->seqs, g_array_unref);
  g_clear_pointer (&taken->actions, g_array_unref);
  g_clear_pointer (&taken->items, g_ptr_array_unref);
  g_clear_pointer (&taken->bad_actions, g_array_unref);
  g_clear_pointer (&taken->bad_items, g_ptr_array_unref);
  g_clear_pointer (&taken->bad_results, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taken, taken_clear)

static void
taken_init (Taken *taken)
{
  taken->seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  taken->actions = g_array_new (FALSE, FALSE, sizeof (gint64));
  taken->items = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
  taken->bad_actions = g_array_new (FALSE, FALSE, sizeof (gint64));
  taken->bad_items = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
  taken->bad_results = g_ptr_array_new_with_free_func (g_object_unref);
}

/* One row that nobody can read must not keep all the others waiting. */
static void
add_bad_item (Taken *taken, gint64 action, AcWorkItem *item, const GError *problem)
{
  g_autofree char *detail =
      g_strdup_printf ("%s Nothing was done now. Look at %s yourself; the administrator of the "
                       "service can bring its database back from a backup.",
                       problem->message, item->asset);

  g_warning ("The action %s fails on %s. %s", item->action_id, item->asset, problem->message);
  g_array_append_val (taken->bad_actions, action);
  g_ptr_array_add (taken->bad_items, item);
  g_ptr_array_add (taken->bad_results,
                   ac_action_result_new (item->asset, ac_outcome_wire (AC_OUTCOME_FAILED), detail,
                                         ac_time_now ()));
}

static gboolean
load_turn (AcSql *sql, const Turn *turn, guint limit, Taken *taken, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT w.seq, w.action, a.id, t.entity, r.body, w.decided_at, w.attempts, w.look, w.stopped "
      "FROM work AS w "
      "CROSS JOIN actions AS a ON a.seq = w.action "
      "CROSS JOIN action_texts AS t ON t.action = w.action "
      "LEFT JOIN receipts AS r ON r.action = w.action AND r.asset = w.asset "
      "WHERE w.state = 'ready' AND w.asset = ? AND w.bulk = ? AND w.type = ? AND w.undo = ? "
      "  AND w.seq >= ? ORDER BY w.seq LIMIT ?",
      "sisiii", turn->asset, turn->bulk, turn->type, (gint64)turn->undo, turn->seq, (gint64)limit);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      AcWorkItem *item = g_new0 (AcWorkItem, 1);
      gint64 seq = sqlite3_column_int64 (query, 0);
      gint64 action = sqlite3_column_int64 (query, 1);
      g_autoptr (GError) problem = NULL;

      if (!read_item (query, turn, item, &problem))
        {
          add_bad_item (taken, action, item, problem);
          continue;
        }
      g_array_append_val (taken->seqs, seq);
      g_array_append_val (taken->actions, action);
      g_ptr_array_add (taken->items, item);
    }
  return step == AC_SQL_DONE;
}

/**
 * ac_write_start_action:
 *
 * The first asset of an action that is worked on starts the action.
 */
gboolean
ac_write_start_action (AcWrite *write, gint64 seq, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, seq, error);

  if (row == NULL)
    return FALSE;
  if (!ac_transition_find (row->status, AC_EVENT_START, NULL))
    return TRUE;
  return ac_write_transition (write, row, AC_EVENT_START, NULL, NULL, error) &&
         ac_write_item_state (write, row, "running", NULL, error);
}

/**
 * ac_store_write_receipts:
 * @action_ids: (array length=n):
 * @assets: (array length=n):
 * @receipts: (array length=n): what a responder wants to find again after a crash
 *
 * Returns: %TRUE when all of them are on disk.
 */
gboolean
ac_store_write_receipts (AcStore *self,
                         const char *const *action_ids,
                         const char *const *assets,
                         JsonObject *const *receipts,
                         gsize n,
                         GError **error)
{
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), receipts[i]);
      g_autofree char *body = ac_store_json_text (node);

      if (!ac_sql_run (write.sql, error,
                       "INSERT INTO receipts (action, asset, state, body, written_at) "
                       "SELECT seq, ?2, 'open', ?3, ?4 FROM actions WHERE id = ?1 "
                       "ON CONFLICT DO UPDATE SET state = excluded.state, body = excluded.body, "
                       "  written_at = excluded.written_at",
                       "sssi", action_ids[i], assets[i], body, write.now))
        return FALSE;
      if (ac_sql_n_changed (write.sql) == 0)
        {
          g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no action “%s”.",
                       action_ids[i]);
          return FALSE;
        }
    }
  return ac_write_commit (&write, error);
}

/* How the run of an action went, asset by asset. */
typedef struct
{
  guint n_total;     /* assets that count for the end of this run */
  guint n_failed;    /* of them */
  guint n_effective; /* of them: moved or restored by us */
  guint n_moved;     /* all assets on which there is something to bring back */
  guint n_owed;      /* of them, beside this run: an earlier undo was for them, and failed */
  guint n_left_out;  /* beside an undo: what was never carried out */
  gboolean for_some; /* the decision named some assets */
  char *words;       /* each detail once */
} Sum;

static gboolean
is_effective (AcOutcome outcome)
{
  return outcome == AC_OUTCOME_MOVED || outcome == AC_OUTCOME_DONE ||
         outcome == AC_OUTCOME_RESTORED || outcome == AC_OUTCOME_ALREADY_RESTORED;
}

static gboolean
has_failed (AcOutcome outcome, gboolean undo)
{
  switch (outcome)
    {
    case AC_OUTCOME_MOVED:
    case AC_OUTCOME_DONE:
    case AC_OUTCOME_RESTORED:
    case AC_OUTCOME_ALREADY_RESTORED:
      return FALSE;
    case AC_OUTCOME_ALREADY_THERE:
    case AC_OUTCOME_NOT_FOUND:
    case AC_OUTCOME_MOVED_BY_OTHER:
    case AC_OUTCOME_NOTHING_TO_DO:
      /* An undo is done where the original was seen back in its place, and only there. */
      return undo;
    case AC_OUTCOME_CONFLICT:
    case AC_OUTCOME_FAILED:
    case AC_OUTCOME_NOT_REMEDIABLE:
    case AC_OUTCOME_UNKNOWN:
    default:
      return TRUE;
    }
}

/* An undo is judged by what it had to undo; an apply by all assets, also those that an earlier try
 * had done already. */
static gboolean
sum_up (AcSql *sql, const AcActionRow *row, gboolean undo, Sum *sum, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT asset, outcome, detail, moved, operation IS ?2, undo FROM action_assets "
      "WHERE action = ?1 AND asset <> ?3 ORDER BY position",
      "iis", row->seq, row->operation, AC_CLUSTER_ALL_MAILBOXES);
  g_autoptr (GString) words = g_string_new (NULL);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      const char *detail = ac_sql_text (query, 2);
      AcOutcome outcome = ac_outcome_parse (ac_sql_text (query, 1));
      gboolean moved = sqlite3_column_int (query, 3) != 0;
      gboolean in_this_run = sqlite3_column_int (query, 4) != 0;
      gboolean undo_asked = sqlite3_column_int (query, 5) != 0;

      sum->n_moved += moved;
      if (undo && !in_this_run)
        {
          sum->n_owed += moved && undo_asked;
          sum->n_left_out += !undo_asked && has_failed (outcome, FALSE);
          continue;
        }
      sum->n_total++;
      sum->n_effective += is_effective (outcome);
      sum->n_failed += has_failed (outcome, undo);
      if (in_this_run && detail != NULL && *detail != '\0')
        g_string_append_printf (words, "%s%s: %s", words->len > 0 ? "\n" : "",
                                ac_sql_text (query, 0), detail);
    }
  if (step != AC_SQL_DONE)
    return FALSE;
  sum->words = g_string_free (g_steal_pointer (&words), FALSE);
  return TRUE;
}

/* A mailbox for each line would be more than anybody reads. */
static gboolean
sum_up_cluster (AcSql *sql, const AcActionRow *row, gboolean undo, Sum *sum, GError **error)
{
  gboolean has_cluster;

  if (row->type != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
    return TRUE;
  if (!ac_store_has_cluster (sql, row->seq, &has_cluster, error))
    return FALSE;
  if (!has_cluster)
    return TRUE;
  g_clear_pointer (&sum->words, g_free);
  return ac_store_cluster_words (sql, row, undo, &sum->words, error);
}

/* The undo that is under way, or that a retry goes on with. */
static gboolean
is_for_some (AcSql *sql, const AcActionRow *row, gboolean *for_some, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT o.assets NOTNULL FROM operation_items AS i JOIN operations AS o ON "
                    "o.seq = i.operation "
                    "WHERE i.action = ? AND o.decision = 'undo' ORDER BY o.seq DESC LIMIT 1",
                    "i", row->seq);
  AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;

  *for_some = step == AC_SQL_ROW && sqlite3_column_int (query, 0) != 0;
  return step != AC_SQL_ERROR;
}

/* What an undo that has brought back all it was for makes of the action. */
static AcEvent
end_of_undo (const Sum *sum)
{
  if (sum->n_owed > 0)
    return AC_EVENT_SUCCEED_PARTLY;
  /* What was never carried out may be tried again, if nobody wanted all of the action undone. */
  if (sum->n_moved == 0 && !(sum->for_some && sum->n_left_out > 0))
    return AC_EVENT_SUCCEED;
  return sum->n_left_out > 0 ? AC_EVENT_UNDO_SOME_PARTLY : AC_EVENT_UNDO_SOME;
}

/**
 * ac_write_end_action:
 *
 * Moves an action all of whose assets are done to the status that this makes of it.
 */
gboolean
ac_write_end_action (AcWrite *write, AcActionRow *row, gboolean undo, GError **error)
{
  g_autofree char *words = NULL;
  const char *state = "done";
  AcEvent event = AC_EVENT_SUCCEED;
  Sum sum = { 0 };
  gboolean good = is_for_some (write->sql, row, &sum.for_some, error) &&
                  sum_up (write->sql, row, undo, &sum, error) &&
                  sum_up_cluster (write->sql, row, undo, &sum, error);

  words = sum.words;
  if (!good)
    return FALSE;
  if (sum.n_failed > 0)
    {
      gboolean did_some = sum.n_failed < sum.n_total || (!undo && sum.n_moved > 0);

      event = did_some ? AC_EVENT_SUCCEED_PARTLY : AC_EVENT_FAIL;
      state = "failed";
    }
  else if (sum.n_effective == 0)
    state = "skipped";
  if (sum.n_failed == 0 && undo)
    event = end_of_undo (&sum);
  row->moved = sum.n_moved;
  return ac_write_transition (write, row, event, NULL, *words != '\0' ? words : NULL, error) &&
         ac_write_item_state (write, row, state, *words != '\0' ? words : NULL, error);
}

/* Whether undo has something to do on the asset after this outcome; -1: as before. */
static gint64
moved_after (const AcWorkItem *item, AcOutcome outcome)
{
  if (outcome == AC_OUTCOME_FAILED && item->did_part && !item->undo)
    return 1;
  if (outcome == AC_OUTCOME_FAILED && item->did_nothing && !item->undo)
    return 0;
  switch (outcome)
    {
    case AC_OUTCOME_MOVED:
    case AC_OUTCOME_DONE:
      return 1;
    case AC_OUTCOME_RESTORED:
    case AC_OUTCOME_ALREADY_RESTORED:
      return 0;
    case AC_OUTCOME_NOT_FOUND:
    case AC_OUTCOME_MOVED_BY_OTHER:
    case AC_OUTCOME_ALREADY_THERE:
    case AC_OUTCOME_NOTHING_TO_DO:
      /* What undo has not found may be found when it is tried again. */
      return item->undo ? -1 : 0;
    case AC_OUTCOME_CONFLICT:
    case AC_OUTCOME_FAILED:
    case AC_OUTCOME_NOT_REMEDIABLE:
    case AC_OUTCOME_UNKNOWN:
    default:
      return -1;
    }
}

/* settles: the result says all about the receipt that there is to say. */
static gboolean
finish_item (AcWrite *write,
             const AcWorkItem *item,
             AcActionResult *result,
             gboolean settles,
             GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load_by_id (write->sql, item->action_id, error);
  AcOutcome outcome = ac_outcome_parse (ac_action_result_get_outcome (result));
  gint64 at = ac_action_result_get_at (result);
  gint64 left;

  if (row == NULL)
    return FALSE;
  if (item->part != 0)
    return ac_write_part (write, item, result, moved_after (item, outcome), error);
  if (!ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ? AND asset = ?", "is",
                   row->seq, item->asset))
    return FALSE;
  if (ac_sql_n_changed (write->sql) == 0)
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                   "Nobody works on %s for the action “%s”.", item->asset, item->action_id);
      return FALSE;
    }
  if (!ac_sql_run (write->sql, error,
                   "UPDATE action_assets SET outcome = ?1, detail = ?2, at = ?3, operation = ?4, "
                   "  moved = CASE WHEN ?5 < 0 THEN moved ELSE ?5 END "
                   "WHERE action = ?6 AND asset = ?7",
                   "ssiiiis", ac_outcome_wire (outcome), ac_action_result_get_detail (result),
                   at != AC_TIME_NONE ? at : write->now, row->operation,
                   moved_after (item, outcome), row->seq, item->asset) ||
      (settles &&
       !ac_sql_run (write->sql, error,
                    "UPDATE receipts SET state = 'settled' WHERE action = ? AND asset = ?", "is",
                    row->seq, item->asset)) ||
      !ac_sql_get_integer (write->sql, &left, 0, error,
                           "SELECT count (*) FROM work WHERE action = ?", "i", row->seq))
    return FALSE;
  return left > 0 || ac_write_end_action (write, row, item->undo, error);
}

static gboolean
fail_bad_items (AcWrite *write, const Taken *taken, GError **error)
{
  for (guint i = 0; i < taken->bad_items->len; i++)
    if (!ac_write_start_action (write, g_array_index (taken->bad_actions, gint64, i), error) ||
        !finish_item (write, taken->bad_items->pdata[i], taken->bad_results->pdata[i], FALSE,
                      error))
      return FALSE;
  return TRUE;
}

/* A mailbox of a cluster is one piece of work, whose messages are the items; a look is one item. */
static gboolean
take_cluster (AcWrite *write, gint64 action, guint limit, GPtrArray *items, GError **error)
{
  AcWorkItem *first = items->pdata[0];
  g_autoptr (GPtrArray) parts = NULL;
  gboolean has_cluster;

  if (first->look != 0)
    return ac_store_is_decided (write->sql, action, &first->decided, error);
  if (!ac_store_has_cluster (write->sql, action, &has_cluster, error))
    return FALSE;
  if (!has_cluster)
    return ac_write_start_action (write, action, error);
  if (ac_action_type_parse (first->type) != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
    return ac_store_load_approved (write->sql, action, first, error) &&
           ac_write_start_action (write, action, error);
  parts = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
  if (!ac_store_load_parts (write->sql, action, first, limit, parts, error) ||
      !ac_write_start_action (write, action, error) ||
      (parts->len == 0 && !ac_write_parts_end (write, first, error)))
    return FALSE;
  g_ptr_array_set_size (items, 0);
  g_ptr_array_extend_and_steal (items, g_steal_pointer (&parts));
  return TRUE;
}

static gboolean
take (AcWrite *write, const Turn *turn, guint limit, Taken *taken, GError **error)
{
  gboolean is_cluster = ac_store_looks_for_targets (ac_action_type_parse (turn->type));

  if (!load_turn (write->sql, turn, is_cluster ? 1 : limit, taken, error))
    return FALSE;
  for (guint i = 0; i < taken->seqs->len; i++)
    {
      gint64 action = g_array_index (taken->actions, gint64, i);

      if (!ac_sql_run (write->sql, error, "UPDATE work SET state = 'taken' WHERE seq = ?", "i",
                       g_array_index (taken->seqs, gint64, i)) ||
          !(is_cluster ? take_cluster (write, action, limit, taken->items, error)
                       : ac_write_start_action (write, action, error)))
        return FALSE;
    }
  return fail_bad_items (write, taken, error);
}

/* Delayed work whose time has come; or, where the clock was set back meanwhile, would not come for
 * long: what somebody has decided on does not wait for that. */
#define IS_DUE "state = 'delayed' AND (not_before <= ?1 OR not_before > ?2)"

/* Later than anything is delayed to. */
static gint64
too_far (AcStore *self, gint64 now)
{
  return now + MAX (self->grace, LONGEST_DELAY);
}

/* Nothing to do is what is found most often, and it must neither cost a write nor keep others from
 * writing while it is looked for. */
static gboolean
anything_to_take (AcStore *self, const Busy *busy, gint64 now, gboolean *anything, GError **error)
{
  AcSql *sql = ac_store_begin_read (self, error);
  g_autofree char *asset = NULL;
  g_autofree char *type = NULL;
  Turn turn = { 0 };
  gint64 found = 0;
  gboolean good;

  if (sql == NULL)
    return FALSE;
  good = ac_sql_get_integer (sql, &found, 0, error,
                             "SELECT 1 WHERE EXISTS (SELECT 1 FROM work WHERE " IS_DUE ")", "ii",
                             now, too_far (self, now));
  if (good && found == 0)
    good = find_turn (sql, busy, &turn, error);
  asset = turn.asset;
  type = turn.type;
  ac_store_end_read (self, sql);
  *anything = found != 0 || asset != NULL;
  return good;
}

/**
 * ac_store_take_work:
 *
 * Returns: as ac_store_take_work_but() without @busy_types.
 */
GPtrArray *
ac_store_take_work (AcStore *self, const char *const *busy_assets, guint limit, GError **error)
{
  return ac_store_take_work_but (self, busy_assets, NULL, NULL, FALSE, limit, error);
}

/* Takes the next turn that there is. FALSE with an error; *over: no more can be found. */
static gboolean
take_turn (AcStore *self,
           const Busy *busy,
           guint limit,
           Taken *taken,
           gboolean *over,
           GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autofree char *asset = NULL;
  g_autofree char *type = NULL;
  Turn turn = { 0 };
  gboolean good;

  if (!ac_store_begin_write (self, &write, &service_actor, error) ||
      !ac_sql_run (write.sql, error,
                   "UPDATE work SET state = 'ready', not_before = NULL WHERE " IS_DUE, "ii",
                   write.now, too_far (self, write.now)))
    return FALSE;
  good = find_turn (write.sql, busy, &turn, error);
  asset = turn.asset;
  type = turn.type;
  if (!good || (asset != NULL && !take (&write, &turn, limit, taken, error)) ||
      !ac_write_commit (&write, error))
    return FALSE;
  /* Where nothing of a turn could be read, the next one is looked for. */
  *over = asset == NULL || taken->items->len > 0 || taken->bad_items->len == 0;
  return TRUE;
}

/**
 * ac_store_take_work_but:
 * @busy_assets: (nullable): assets that are being worked on, in any case
 * @busy_types: (nullable): types of which no more can be worked on now
 * @urgent_types: (nullable): types of which only small operations can be worked on now
 * @oldest_first: whether the work that has waited longest comes before that of small operations
 * @limit: at most this many items
 *
 * Returns: (transfer full) (element-type AcWorkItem): the items, all of one asset, type and
 * direction; empty when there is nothing to do; %NULL with AC_STORE_ERROR_FAILED. Items that cannot
 * be read have failed when it returns, with the reason, and are not among them.
 */
GPtrArray *
ac_store_take_work_but (AcStore *self,
                        const char *const *busy_assets,
                        const char *const *busy_types,
                        const char *const *urgent_types,
                        gboolean oldest_first,
                        guint limit,
                        GError **error)
{
  Busy busy = { busy_assets, busy_types, urgent_types, oldest_first };
  gboolean anything;
  gboolean over;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (limit > 0, NULL);

  if (!anything_to_take (self, &busy, ac_time_now (), &anything, error))
    return NULL;
  if (!anything)
    return g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
  for (;;)
    {
      g_auto (Taken) taken = { 0 };

      taken_init (&taken);
      if (!take_turn (self, &busy, limit, &taken, &over, error))
        return NULL;
      if (over)
        return g_steal_pointer (&taken.items);
    }
}

/**
 * ac_store_finish_work:
 * @items: (element-type AcWorkItem): taken items
 * @results: (element-type AcActionResult): what came of each, in the same order
 *
 * Returns: %TRUE when all of it is on disk.
 */
gboolean
ac_store_finish_work (AcStore *self, GPtrArray *items, GPtrArray *results, GError **error)
{
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);
  g_return_val_if_fail (items->len == results->len, FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (!finish_item (&write, items->pdata[i], results->pdata[i], TRUE, error))
      return FALSE;
  if (items->len > 0 && ((const AcWorkItem *)items->pdata[0])->part != 0 &&
      !ac_write_parts_end (&write, items->pdata[0], error))
    return FALSE;
  return ac_write_commit (&write, error);
}

/**
 * ac_store_return_work:
 * @items: (element-type AcWorkItem): taken items
 * @not_before: when they may be taken again, or AC_TIME_NONE
 *
 * What has been replaced meanwhile, as a look by that of an approval, is left as it is. Parts of a
 * mailbox may have been given back with those that were finished.
 */
gboolean
ac_store_return_work (AcStore *self, GPtrArray *items, gint64 not_before, GError **error)
{
  g_auto (AcWrite) write = { 0 };
  gboolean later = not_before != AC_TIME_NONE;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const AcWorkItem *item = items->pdata[i];

      /* The parts of a mailbox are one row, and one attempt. */
      if (item->part != 0 && i > 0)
        continue;
      if (!ac_sql_run (write.sql, error,
                       "UPDATE work SET state = ?, not_before = ?, attempts = attempts + ? "
                       "WHERE asset = ? AND action = (SELECT seq FROM actions WHERE id = ?) "
                       "  AND look = ? AND (state = 'taken' OR (? AND state = 'ready'))",
                       "stissii", later ? "delayed" : "ready", not_before, (gint64)later,
                       item->asset, item->action_id, item->look, (gint64)(item->part != 0)))
        return FALSE;
    }
  return ac_write_stop_again (&write, error) && ac_write_commit (&write, error);
}

/**
 * ac_store_recover_work:
 *
 * What a process that is dead had taken may be taken again. Its receipts say what it had begun.
 */
gboolean
ac_store_recover_work (AcStore *self, GError **error)
{
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  return ac_store_begin_write (self, &write, &service_actor, error) &&
         ac_sql_run (write.sql, error, "UPDATE work SET state = 'ready' WHERE state = 'taken'",
                     "") &&
         ac_write_stop_again (&write, error) && ac_write_commit (&write, error);
}

/**
 * ac_store_next_work_time:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_store_next_work_time (AcStore *self)
{
  g_autoptr (GError) error = NULL;
  gint64 time = AC_TIME_NONE;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), AC_TIME_NONE);

  sql = ac_store_begin_read (self, &error);
  if (sql == NULL ||
      !ac_sql_get_integer (sql, &time, AC_TIME_NONE, &error,
                           "SELECT min (not_before) FROM work WHERE state = 'delayed'", ""))
    {
      g_warning ("The next time to work is not known: %s", error->message);
      time = AC_TIME_NONE;
    }
  ac_store_end_read (self, sql);
  return time;
}
