/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carrying a cluster out and undoing it, message by message: a mailbox is one piece of work, its
 * messages are the parts that are handed out and come back, and what came of the mailbox is what
 * came of them. */
#include "config.h"

#include <string.h>

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

#define TELL_INTERVAL G_TIME_SPAN_SECOND

/* How many messages have which outcome. */
typedef struct
{
  gint64 n[AC_OUTCOME_NOT_REMEDIABLE + 1];
  gint64 total;
  char *reason; /* nullable: of the first that failed or is not remediable */
  char *detail; /* nullable: of the first of all */
} Counts;

static void
counts_clear (Counts *counts)
{
  g_free (counts->reason);
  g_free (counts->detail);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counts, counts_clear)

/* asset: nullable: all of them. operation: only what was worked on in it; 0: whenever. */
static gboolean
count (AcSql *sql,
       gint64 action,
       const char *asset,
       gint64 operation,
       Counts *counts,
       GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT outcome, count (*), min (detail) FROM cluster_messages WHERE action = ?1 "
      "AND (?2 IS NULL OR asset = ?2) AND (?3 = 0 OR operation = ?3) GROUP BY outcome",
      "isi", action, asset, operation);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      AcOutcome outcome = ac_outcome_parse (ac_sql_text (query, 0));

      if (outcome >= G_N_ELEMENTS (counts->n))
        outcome = AC_OUTCOME_UNKNOWN;
      counts->n[outcome] += sqlite3_column_int64 (query, 1);
      counts->total += sqlite3_column_int64 (query, 1);
      if (counts->detail == NULL)
        counts->detail = g_strdup (ac_sql_text (query, 2));
      if ((outcome == AC_OUTCOME_FAILED || outcome == AC_OUTCOME_NOT_REMEDIABLE) &&
          counts->reason == NULL)
        counts->reason = g_strdup (ac_sql_text (query, 2));
    }
  return step == AC_SQL_DONE;
}

static void
add_counts (GString *text, const Counts *counts)
{
  static const struct
  {
    AcOutcome outcome;
    const char *words;
  } kinds[] = {
    { AC_OUTCOME_MOVED, "moved to the recoverable folder" },
    { AC_OUTCOME_RESTORED, "moved back" },
    { AC_OUTCOME_ALREADY_RESTORED, "back in its place already" },
    { AC_OUTCOME_ALREADY_THERE, "in the recoverable folder already" },
    { AC_OUTCOME_MOVED_BY_OTHER, "moved by somebody else" },
    { AC_OUTCOME_NOT_FOUND, "not found" },
    { AC_OUTCOME_NOT_REMEDIABLE, "not remediable" },
    { AC_OUTCOME_FAILED, "failed" },
    { AC_OUTCOME_UNKNOWN, "not done" },
  };
  gboolean is_first = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (counts->n[kinds[i].outcome] > 0)
      {
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s", is_first ? "" : ", ",
                                counts->n[kinds[i].outcome], kinds[i].words);
        is_first = FALSE;
      }
}

/* What came of a mailbox: the worst that came of one of its messages, then the best. An undo has
 * failed where one of the messages was not seen back in its place. */
static AcOutcome
outcome_of_mailbox (const Counts *counts, gboolean undo)
{
  static const AcOutcome not_back[] = {
    AC_OUTCOME_UNKNOWN,       AC_OUTCOME_FAILED,         AC_OUTCOME_NOT_REMEDIABLE,
    AC_OUTCOME_ALREADY_THERE, AC_OUTCOME_MOVED_BY_OTHER, AC_OUTCOME_NOT_FOUND,
  };
  static const AcOutcome order[] = {
    AC_OUTCOME_UNKNOWN,       AC_OUTCOME_FAILED,         AC_OUTCOME_NOT_REMEDIABLE,
    AC_OUTCOME_MOVED,         AC_OUTCOME_RESTORED,       AC_OUTCOME_ALREADY_RESTORED,
    AC_OUTCOME_ALREADY_THERE, AC_OUTCOME_MOVED_BY_OTHER,
  };

  for (gsize i = 0; undo && i < G_N_ELEMENTS (not_back); i++)
    if (counts->n[not_back[i]] > 0)
      return not_back[i] == AC_OUTCOME_UNKNOWN ? AC_OUTCOME_FAILED : not_back[i];
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (counts->n[order[i]] > 0)
      return order[i] == AC_OUTCOME_UNKNOWN ? AC_OUTCOME_FAILED : order[i];
  return AC_OUTCOME_NOT_FOUND;
}

static char *
words_of_mailbox (const Counts *counts)
{
  g_autoptr (GString) text = NULL;

  if (counts->total == 1)
    return g_strdup (counts->detail != NULL ? counts->detail : "");
  text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GINT64_FORMAT " messages: ", counts->total);
  add_counts (text, counts);
  g_string_append_c (text, '.');
  if (counts->reason != NULL)
    g_string_append_printf (text, " %s", counts->reason);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_write_settle_mailbox:
 * @undo: whether it was being undone
 *
 * Gives a mailbox whose messages are all done its result.
 */
gboolean
ac_write_settle_mailbox (AcWrite *write,
                         const AcActionRow *row,
                         const char *asset,
                         gboolean undo,
                         GError **error)
{
  g_auto (Counts) counts = { 0 };
  g_autofree char *words = NULL;

  /* An undo is told by what it had to undo; an apply by all, also what an earlier try has done. */
  if (!count (write->sql, row->seq, asset, undo ? row->operation : 0, &counts, error))
    return FALSE;
  words = words_of_mailbox (&counts);
  return ac_sql_run (write->sql, error,
                     "UPDATE action_assets SET outcome = ?1, detail = ?2, at = ?3, operation = ?4, "
                     "  moved = EXISTS (SELECT 1 FROM cluster_messages "
                     "    WHERE action = ?5 AND asset = ?6 AND moved) "
                     "WHERE action = ?5 AND asset = ?6",
                     "ssiiis", ac_outcome_wire (outcome_of_mailbox (&counts, undo)), words,
                     write->now, row->operation, row->seq, asset);
}

/* --- the start --- */

static gboolean
choose_messages (AcWrite *write, const AcActionRow *row, gboolean only_failed, GError **error)
{
  if (only_failed)
    return ac_sql_run (write->sql, error,
                       "UPDATE cluster_messages SET todo = 1 WHERE action = ? AND has_id "
                       "AND (outcome IS NULL OR outcome = 'failed')",
                       "i", row->seq);
  return ac_sql_run (write->sql, error,
                     "UPDATE cluster_messages SET todo = 1 WHERE action = ? AND has_id", "i",
                     row->seq) &&
         ac_sql_run (
             write->sql, error,
             "UPDATE cluster_messages SET outcome = ?, at = ?, operation = ?, detail = "
             "  'The message has no Message-ID by which it could be known again, so it is "
             "left where it is, in “' || coalesce (json_extract (facts, '$.folder'), '') || "
             "  '”. Its owner can delete it.' "
             "WHERE action = ? AND NOT has_id",
             "siii", ac_outcome_wire (AC_OUTCOME_NOT_REMEDIABLE), write->now, row->operation,
             row->seq);
}

/* Mailboxes in which there is nothing to do get their result at once. */
static gboolean
settle_the_rest (AcWrite *write, const AcActionRow *row, gboolean only_failed, GError **error)
{
  g_autoptr (GPtrArray) assets = g_ptr_array_new_with_free_func (g_free);

  if (!only_failed &&
      !ac_sql_run (write->sql, error,
                   "UPDATE action_assets AS a SET at = ?2, operation = ?3, (outcome, detail) = "
                   "  (SELECT CASE WHEN p IS NULL THEN 'notFound' ELSE 'failed' END, "
                   "    coalesce (p, 'No message of this cluster is in this mailbox.') "
                   "   FROM (SELECT (SELECT problem FROM cluster_unreadable AS u "
                   "           WHERE u.action = ?1 AND u.asset = a.asset) AS p)) "
                   "WHERE action = ?1 AND asset <> ?4 AND NOT EXISTS "
                   "  (SELECT 1 FROM cluster_messages AS m WHERE m.action = ?1 "
                   "     AND m.asset = a.asset)",
                   "iiis", row->seq, write->now, row->operation, AC_CLUSTER_ALL_MAILBOXES))
    return FALSE;
  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        write->sql, error,
        "SELECT DISTINCT asset FROM cluster_messages AS m WHERE action = ?1 AND NOT EXISTS "
        "  (SELECT 1 FROM cluster_messages AS n WHERE n.action = ?1 AND n.asset = m.asset "
        "     AND n.todo)",
        "i", row->seq);
    AcSqlStep step = AC_SQL_ERROR;

    while (query != NULL && (step = ac_sql_step (write->sql, query, error)) == AC_SQL_ROW)
      g_ptr_array_add (assets, g_strdup (ac_sql_text (query, 0)));
    if (step != AC_SQL_DONE)
      return FALSE;
  }
  for (guint i = 0; i < assets->len; i++)
    if (!ac_write_settle_mailbox (write, row, assets->pdata[i], FALSE, error))
      return FALSE;
  return TRUE;
}

/**
 * ac_write_cluster_start:
 * @row: of an action that is queued
 * @only_failed: only what an earlier try has not done
 *
 * Puts the mailboxes in which there is something to do into the queue.
 */
gboolean
ac_write_cluster_start (AcWrite *write, AcActionRow *row, gboolean only_failed, GError **error)
{
  gint64 todo;
  g_autoptr (AcActionRow) started = NULL;

  if (!choose_messages (write, row, only_failed, error) ||
      !ac_sql_get_integer (write->sql, &todo, 0, error,
                           "SELECT count (*) FROM cluster_messages WHERE action = ? AND todo", "i",
                           row->seq) ||
      !ac_sql_run (
          write->sql, error,
          "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at, state) "
          "SELECT action, position, asset, ?2, 0, ?3, ?4, 'ready' "
          "FROM action_assets AS a WHERE action = ?1 AND EXISTS "
          "  (SELECT 1 FROM cluster_messages AS m WHERE m.action = ?1 "
          "     AND m.asset = a.asset AND m.todo)",
          "isii", row->seq, ac_action_type_wire (row->type), ac_store_lane (todo), write->now) ||
      !settle_the_rest (write, row, only_failed, error))
    return FALSE;
  write->changed = TRUE;
  if (todo > 0)
    return TRUE;
  /* Nothing can be done to any of them: that is its end. */
  if (!ac_write_start_action (write, row->seq, error))
    return FALSE;
  started = ac_action_row_load (write->sql, row->seq, error);
  return started != NULL && ac_write_end_action (write, started, FALSE, error);
}

/* --- the parts --- */

/* A message by itself, as the responder knows it; only those copies that were found. */
static AcEntity *
part_entity (JsonObject *facts, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  ac_json_set_string (object, "type", ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_MESSAGE));
  ac_json_set_string (object, "messageId", ac_json_get_string (facts, "messageId"));
  ac_json_set_string (object, "subject", ac_json_get_string (facts, "subject"));
  if (json_object_has_member (facts, "copies"))
    json_object_set_member (object, "copies", json_object_dup_member (facts, "copies"));
  return ac_entity_new_from_json (object, AC_JSON_LENIENT, NULL, error);
}

static AcWorkItem *
read_part (sqlite3_stmt *query, const AcWorkItem *work, GError **error)
{
  g_autoptr (JsonObject) facts = ac_store_parse_object (ac_sql_text (query, 1), error);
  g_autoptr (JsonObject) receipt = NULL;
  g_autoptr (AcEntity) entity = NULL;
  AcWorkItem *item;

  if (facts == NULL || (entity = part_entity (facts, error)) == NULL)
    return NULL;
  if (ac_sql_text (query, 2) != NULL &&
      (receipt = ac_store_parse_object (ac_sql_text (query, 2), error)) == NULL)
    return NULL;
  item = g_new0 (AcWorkItem, 1);
  item->action_id = g_strdup (work->action_id);
  item->type = g_strdup (work->type);
  item->asset = g_strdup (work->asset);
  item->entity = g_steal_pointer (&entity);
  item->receipt = g_steal_pointer (&receipt);
  item->undo = work->undo;
  item->bulk = work->bulk;
  item->decided_at = work->decided_at;
  item->stopped = work->stopped;
  item->attempts = work->attempts;
  item->part = sqlite3_column_int64 (query, 0);
  return item;
}

/**
 * ac_store_load_parts:
 * @work: the mailbox whose turn it is
 * @limit: at most so many
 * @items: (element-type AcWorkItem): the messages are put behind what is in it
 */
gboolean
ac_store_load_parts (AcSql *sql,
                     gint64 action,
                     const AcWorkItem *work,
                     guint limit,
                     GPtrArray *items,
                     GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT seq, facts, receipt FROM cluster_messages "
                    "WHERE action = ? AND asset = ? AND todo ORDER BY seq LIMIT ?",
                    "isi", action, work->asset, (gint64)limit);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      AcWorkItem *item = read_part (query, work, error);

      if (item == NULL)
        return FALSE;
      g_ptr_array_add (items, item);
    }
  return step == AC_SQL_DONE;
}

/**
 * ac_store_load_approved:
 * @item: forwarding of one mailbox, whose turn it is
 *
 * Gives @item the addresses that whoever approved has seen: none where the mailbox could not be
 * looked at. That was settled before the work began, and a retry may come weeks later.
 */
gboolean
ac_store_load_approved (AcSql *sql, gint64 action, AcWorkItem *item, GError **error)
{
  g_autoptr (GStrvBuilder) approved = g_strv_builder_new ();
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT message FROM cluster_messages WHERE action = ? AND asset = ? ORDER BY message", "is",
      action, item->asset);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    g_strv_builder_add (approved, ac_sql_text (query, 0));
  if (step != AC_SQL_DONE)
    return FALSE;
  item->approved = g_strv_builder_end (approved);
  return TRUE;
}

/**
 * ac_write_part:
 * @moved: whether undo has something to do after this; -1: as before
 *
 * Notes what came of one message.
 */
gboolean
ac_write_part (AcWrite *write,
               const AcWorkItem *item,
               AcActionResult *result,
               gint64 moved,
               GError **error)
{
  gint64 at = ac_action_result_get_at (result);

  if (!ac_sql_run (write->sql, error,
                   "UPDATE cluster_messages SET todo = 0, receipt_is_open = 0, outcome = ?1, "
                   "  detail = ?2, at = ?3, moved = CASE WHEN ?4 < 0 THEN moved ELSE ?4 END, "
                   "  operation = (SELECT operation FROM actions WHERE seq = action) "
                   "WHERE seq = ?5 AND todo",
                   "ssiii", ac_action_result_get_outcome (result),
                   ac_action_result_get_detail (result), at != AC_TIME_NONE ? at : write->now,
                   moved, item->part))
    return FALSE;
  if (ac_sql_n_changed (write->sql) > 0)
    return TRUE;
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
               "Nobody works on this message in %s for the action “%s”.", item->asset,
               item->action_id);
  return FALSE;
}

/* Progress is told once in a while: the action is long where its mailboxes are many. */
static gboolean
tell_progress (AcWrite *write, AcActionRow *row, GError **error)
{
  if (!ac_sql_run (write->sql, error,
                   "UPDATE clusters SET told_at = ?1 "
                   "WHERE action = ?2 AND coalesce (told_at, 0) < ?1 - ?3",
                   "iii", write->now, row->seq, (gint64)TELL_INTERVAL))
    return FALSE;
  return ac_sql_n_changed (write->sql) == 0 || ac_write_touch (write, row, error);
}

/**
 * ac_write_parts_end:
 * @item: one of the messages that have come back, all of one mailbox
 *
 * Lets the rest of the mailbox have its turn; or gives the mailbox its result when nothing is left
 * of it, and the action its end when this was the last mailbox.
 */
gboolean
ac_write_parts_end (AcWrite *write, const AcWorkItem *item, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load_by_id (write->sql, item->action_id, error);
  gint64 left;

  if (row == NULL || !ac_sql_get_integer (write->sql, &left, 0, error,
                                          "SELECT EXISTS (SELECT 1 FROM cluster_messages "
                                          "  WHERE action = ? AND asset = ? AND todo)",
                                          "is", row->seq, item->asset))
    return FALSE;
  if (left != 0)
    return ac_sql_run (write->sql, error,
                       "UPDATE work SET state = 'ready' WHERE action = ? AND asset = ?", "is",
                       row->seq, item->asset) &&
           tell_progress (write, row, error) && ac_write_stop_again (write, error);
  if (!ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ? AND asset = ?", "is",
                   row->seq, item->asset) ||
      !ac_write_settle_mailbox (write, row, item->asset, item->undo, error) ||
      !ac_sql_get_integer (write->sql, &left, 0, error,
                           "SELECT count (*) FROM work WHERE action = ?", "i", row->seq))
    return FALSE;
  return left > 0 ? tell_progress (write, row, error)
                  : ac_write_end_action (write, row, item->undo, error);
}

/**
 * ac_store_cluster_words:
 * @words: (out) (transfer full): what came of the whole cluster, in one sentence
 */
gboolean
ac_store_cluster_words (AcSql *sql,
                        const AcActionRow *row,
                        gboolean undo,
                        char **words,
                        GError **error)
{
  g_auto (Counts) counts = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 mailboxes;

  if (!count (sql, row->seq, NULL, undo ? row->operation : 0, &counts, error) ||
      !ac_sql_get_integer (sql, &mailboxes, 0, error,
                           "SELECT count (DISTINCT asset) FROM cluster_messages "
                           "WHERE action = ?1 AND (?2 = 0 OR operation = ?2)",
                           "ii", row->seq, undo ? row->operation : (gint64)0))
    return FALSE;
  ac_store_add_scope (text, counts.total, mailboxes);
  g_string_append (text, ": ");
  add_counts (text, &counts);
  g_string_append_c (text, '.');
  if (counts.reason != NULL)
    g_string_append_printf (text, " %s", counts.reason);
  *words = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

/**
 * ac_store_write_part_receipts:
 * @parts: (array length=n): of AcWorkItem
 * @receipts: (array length=n): what a responder wants to find again after a crash
 *
 * Returns: %TRUE when all of them are on disk.
 */
gboolean
ac_store_write_part_receipts (AcStore *self,
                              const gint64 *parts,
                              JsonObject *const *receipts,
                              gsize n,
                              GError **error)
{
  static const AcActor service_actor = { "service", NULL };
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), receipts[i]);
      g_autofree char *body = ac_store_json_text (node);

      if (!ac_sql_run (write.sql, error,
                       "UPDATE cluster_messages SET receipt = ?, receipt_is_open = 1, "
                       "  receipt_at = ? WHERE seq = ?",
                       "sii", body, write.now, parts[i]))
        return FALSE;
      if (ac_sql_n_changed (write.sql) == 0)
        {
          g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                       "There is no message %" G_GINT64_FORMAT " of a cluster.", parts[i]);
          return FALSE;
        }
    }
  return ac_write_commit (&write, error);
}
