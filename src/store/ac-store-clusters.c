/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at clusters, and at forwarding: a look asks each mailbox which messages of the cluster it
 * holds, or which addresses outside it forwards to, and its end makes one set of the answers. What
 * the set is good for depends on why it was looked:
 *
 *   pending   what a person who decides is shown; an action with nothing left is cancelled
 *   verify    before an approval is carried out: the same set as approved, or nothing is done
 *   retry     where an earlier look could not look
 */
#include "config.h"

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/* Behind all decisions, large ones too. */
#define BULK_OF_PENDING 2
/* So many of the messages that came or went are told one by one. */
#define MOST_EXAMPLES 20
/* When nothing was found, it is looked for once more after so long at most: a mail store that is
 * not mounted shows empty mailboxes for a while. */
#define EMPTY_AGAIN (15 * G_TIME_SPAN_MINUTE)
/* Looks that are begun in one transaction. */
#define CHUNK 50

static const AcActor service_actor = { "service", NULL };

static const char *const purposes[] = {
  [AC_LOOK_PENDING] = "pending",
  [AC_LOOK_VERIFY] = "verify",
  [AC_LOOK_RETRY] = "retry",
};

/* A look that has come to its end. */
typedef struct
{
  AcLookPurpose purpose;
  gboolean began_empty; /* nothing was found by the first look */
  gboolean was_empty;   /* the one before has found nothing, and has looked everywhere */
  char *before;         /* nullable: the digest of the set before */
  char *approved;       /* nullable */
  AcTargetSum found;
  gint64 unreadable;
} Look;

static void
look_clear (Look *look)
{
  g_free (look->before);
  g_free (look->approved);
  ac_target_sum_clear (&look->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static gint64
next_look (const AcWrite *write)
{
  return write->store->look_interval > 0 ? write->now + write->store->look_interval : AC_TIME_NONE;
}

static gboolean
is_empty (const Look *look)
{
  return look->found.messages == 0 && look->unreadable == 0;
}

static gint64
look_after (const AcWrite *write, const Look *look)
{
  gint64 next = next_look (write);

  if (!is_empty (look))
    return next;
  return next == AC_TIME_NONE ? write->now + EMPTY_AGAIN : MIN (next, write->now + EMPTY_AGAIN);
}

static gboolean
forget_look (AcWrite *write, gint64 action, GError **error)
{
  return ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ? AND look > 0", "i",
                     action) &&
         ac_sql_run (write->sql, error, "DELETE FROM cluster_found WHERE action = ?", "i",
                     action) &&
         ac_sql_run (write->sql, error, "DELETE FROM cluster_looked WHERE action = ?", "i", action);
}

/**
 * ac_write_forget_look:
 *
 * Gives up the look that is under way; what was found before stands.
 */
gboolean
ac_write_forget_look (AcWrite *write, gint64 action, GError **error)
{
  return forget_look (write, action, error) &&
         ac_sql_run (write->sql, error, "UPDATE clusters SET looking = 0 WHERE action = ?", "i",
                     action);
}

/**
 * ac_write_look:
 * @bulk: the lane of the queue
 * @not_before: when the first mailbox may be looked at, or AC_TIME_NONE
 *
 * Begins a look; one that is under way is given up. A look for a retry is only at the mailboxes
 * that failed without a message.
 */
gboolean
ac_write_look (AcWrite *write,
               gint64 action,
               AcLookPurpose purpose,
               gint64 bulk,
               gint64 not_before,
               GError **error)
{
  if (!forget_look (write, action, error) ||
      !ac_sql_run (write->sql, error,
                   "UPDATE clusters SET look = look + 1, purpose = ?, looking = 1, look_at = NULL "
                   "WHERE action = ?",
                   "si", purposes[purpose], action) ||
      !ac_sql_run (write->sql, error,
                   "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at, "
                   "  state, not_before, look) "
                   "SELECT a.action, a.position, a.asset, o.type, 0, ?2, ?3, ?4, ?5, c.look "
                   "FROM action_assets AS a JOIN clusters AS c ON c.action = a.action "
                   "JOIN actions AS o ON o.seq = a.action "
                   "WHERE a.action = ?1 AND CASE WHEN ?6 = 'retry' THEN a.outcome = 'failed' "
                   "    AND a.asset <> ?7 AND NOT EXISTS (SELECT 1 FROM cluster_messages AS m "
                   "      WHERE m.action = a.action AND m.asset = a.asset)"
                   "  ELSE a.asset = ?7 OR NOT EXISTS (SELECT 1 FROM action_assets AS b "
                   "      WHERE b.action = a.action AND b.asset = ?7) END",
                   "iiistss", action, bulk, write->now,
                   not_before != AC_TIME_NONE ? "delayed" : "ready", not_before, purposes[purpose],
                   AC_CLUSTER_ALL_MAILBOXES))
    return FALSE;
  /* So that the queue wakes. */
  write->changed = TRUE;
  return TRUE;
}

/**
 * ac_write_cluster_new:
 *
 * Notes of a new action that it is about a cluster or forwarding, and begins the first look.
 */
gboolean
ac_write_cluster_new (AcWrite *write,
                      const AcActionRow *row,
                      AcEntity *entity,
                      const char *const *assets,
                      GError **error)
{
  g_autoptr (AcCluster) cluster = ac_cluster_new (entity);
  g_autofree char *query = ac_cluster_digest (cluster, assets);

  return ac_sql_run (write->sql, error,
                     "INSERT INTO clusters (action, query, purpose) VALUES (?, ?, ?)", "iss",
                     row->seq, query, purposes[AC_LOOK_PENDING]) &&
         ac_write_look (write, row->seq, AC_LOOK_PENDING, BULK_OF_PENDING, AC_TIME_NONE, error);
}

/**
 * ac_write_cluster_let_go:
 *
 * The approval is not in force any more, and nothing has been done for it: that a mailbox could not
 * be looked at when it was to be carried out is no result that a later approval finds there.
 */
gboolean
ac_write_cluster_let_go (AcWrite *write, gint64 action, GError **error)
{
  return forget_look (write, action, error) &&
         ac_sql_run (write->sql, error,
                     "UPDATE action_assets SET outcome = NULL, detail = NULL, at = NULL, "
                     "  operation = NULL WHERE action = ? AND outcome IS NOT NULL",
                     "i", action) &&
         ac_sql_run (write->sql, error,
                     "UPDATE clusters SET looking = 0, approved = NULL, approved_at = NULL, "
                     "  look_at = ? WHERE action = ?",
                     "ti", next_look (write), action);
}

/* --- the end of a look --- */

/* What could not be looked at is taken to hold what it held. */
static gboolean
keep_unread (AcWrite *write, gint64 action, GError **error)
{
  return ac_sql_run (write->sql, error,
                     "INSERT INTO cluster_found (action, asset, message, has_id, facts) "
                     "SELECT action, asset, message, has_id, facts FROM cluster_messages AS m "
                     "WHERE action = ?1 AND EXISTS (SELECT 1 FROM cluster_looked AS l "
                     "  WHERE l.action = ?1 AND l.problem IS NOT NULL"
                     "    AND (l.asset = m.asset OR l.asset = ?2))",
                     "is", action, AC_CLUSTER_ALL_MAILBOXES);
}

static gboolean
sum_up_found (AcSql *sql, gint64 action, Look *look, GError **error)
{
  return ac_store_sum_up_found (sql, action, &look->found, error) &&
         ac_sql_get_integer (sql, &look->unreadable, 0, error,
                             "SELECT count (*) FROM cluster_looked "
                             "WHERE action = ? AND problem IS NOT NULL",
                             "i", action);
}

/* The set that was found takes the place of the one before. Nothing was done to any of it yet. */
static gboolean
replace_set (AcWrite *write, gint64 action, const Look *look, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM cluster_messages WHERE action = ?",
    "INSERT INTO cluster_messages (action, asset, message, has_id, facts) "
    "SELECT action, asset, message, has_id, facts FROM cluster_found WHERE action = ? "
    "ORDER BY asset, message",
    "DELETE FROM cluster_unreadable WHERE action = ?",
    "INSERT INTO cluster_unreadable "
    "SELECT action, asset, problem FROM cluster_looked WHERE action = ? AND problem IS NOT NULL",
    "DELETE FROM cluster_found WHERE action = ?",
    "DELETE FROM cluster_looked WHERE action = ?",
    /* Of all mailboxes, those where there is something to be told. */
    "DELETE FROM action_assets WHERE action = ?1 AND position > 0 AND EXISTS "
    "  (SELECT 1 FROM action_assets WHERE action = ?1 AND asset = '" AC_CLUSTER_ALL_MAILBOXES "')",
    "INSERT INTO action_assets (action, position, asset) "
    "SELECT ?1, row_number () OVER (ORDER BY asset), asset FROM "
    "  (SELECT asset FROM cluster_messages WHERE action = ?1"
    "   UNION SELECT asset FROM cluster_unreadable WHERE action = ?1"
    "     AND asset <> '" AC_CLUSTER_ALL_MAILBOXES "') "
    "WHERE EXISTS "
    "  (SELECT 1 FROM action_assets WHERE action = ?1 AND asset = '" AC_CLUSTER_ALL_MAILBOXES "')",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!ac_sql_run (write->sql, error, statements[i], "i", action))
      return FALSE;
  return ac_sql_run (
      write->sql, error,
      "UPDATE clusters SET looking = 0, looked_at = ?1, digest = ?2, messages = ?3, "
      "  mailboxes = ?4, unreadable = ?5, first_looked_at = coalesce (first_looked_at, ?1), "
      "  first_messages = coalesce (first_messages, ?3), look_at = ?6 WHERE action = ?7",
      "isiiiti", write->now, look->found.digest, look->found.messages, look->found.mailboxes,
      look->unreadable, look_after (write, look), action);
}

static gboolean
is_forwarding (const AcActionRow *row)
{
  return row->type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
}

static char *
scope_words (const AcActionRow *row, const Look *look)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (is_forwarding (row))
    g_string_append_printf (text,
                            look->found.messages == 1
                                ? "forwarding to %" G_GINT64_FORMAT " address outside"
                                : "forwarding to %" G_GINT64_FORMAT " addresses outside",
                            look->found.messages);
  else
    ac_store_add_scope (text, look->found.messages, look->found.mailboxes);
  if (look->unreadable > 0)
    g_string_append_printf (text,
                            look->unreadable == 1
                                ? "; %" G_GINT64_FORMAT " mailbox could not be looked at"
                                : "; %" G_GINT64_FORMAT " mailboxes could not be looked at",
                            look->unreadable);
  else if (look->found.messages == 0)
    g_string_append (text, "; when the next look finds nothing either, there is nothing to decide");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
note_look (AcWrite *write, AcActionRow *row, const Look *look, GError **error)
{
  g_autofree char *scope = NULL;
  g_autofree char *words = NULL;

  if (!ac_write_touch (write, row, error))
    return FALSE;
  if (g_strcmp0 (look->before, look->found.digest) == 0)
    return TRUE;
  scope = scope_words (row, look);
  words = g_strdup_printf ("Found %s.", scope);
  return ac_write_audit (write,
                         &(AcAuditRow){ .event = "look",
                                        .kind = "action",
                                        .id = row->id,
                                        .version = row->version,
                                        .action = row->seq,
                                        .comment = words },
                         error);
}

/* What is cancelled does not come back, so one empty look is not enough. */
static gboolean
cancel_when_empty (AcWrite *write,
                   AcActionRow *row,
                   const Look *look,
                   gboolean *done,
                   GError **error)
{
  const char *why =
      is_forwarding (row) ? "Nothing to turn off: no active script forwards to an address outside, "
                            "as far as the mail server shows them."
      : look->began_empty ? "No message of this cluster is in the mailboxes."
                          : "Nothing is left to act on: the messages of this cluster are "
                            "gone from the mailboxes by themselves.";

  *done = look->was_empty && is_empty (look);
  return !*done ||
         (ac_sql_run (write->sql, error, "UPDATE clusters SET look_at = NULL WHERE action = ?", "i",
                      row->seq) &&
          ac_write_transition (write, row, AC_EVENT_NOTHING_LEFT, NULL, why, error));
}

static gboolean
end_pending (AcWrite *write, AcActionRow *row, const Look *look, GError **error)
{
  gboolean done;

  /* Somebody has decided meanwhile. */
  if (!ac_transition_find (row->status, AC_EVENT_NOTHING_LEFT, NULL))
    return ac_write_forget_look (write, row->seq, error);
  return replace_set (write, row->seq, look, error) &&
         cancel_when_empty (write, row, look, &done, error) &&
         (done || note_look (write, row, look, error));
}

/* Adds what is in one set and not in the other, as far as it is told one by one. */
static gboolean
add_examples (AcSql *sql,
              gint64 action,
              gboolean came,
              JsonArray *examples,
              gint64 *n,
              GError **error)
{
  const char *text = came ? "SELECT asset, facts FROM cluster_found AS f WHERE action = ?1 "
                            "AND NOT EXISTS (SELECT 1 FROM cluster_messages AS m WHERE "
                            "  m.action = ?1 AND m.asset = f.asset AND m.message = f.message "
                            "  AND " AC_SQL_HAS_COPIES_OF ("m", "f") ") ORDER BY asset, message"
                          : "SELECT asset, facts FROM cluster_messages AS m WHERE action = ?1 "
                            "AND NOT EXISTS (SELECT 1 FROM cluster_found AS f WHERE "
                            "  f.action = ?1 AND f.asset = m.asset AND f.message = m.message "
                            "  AND " AC_SQL_HAS_COPIES_OF ("f", "m") ") ORDER BY asset, message";
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error, text, "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  *n = 0;
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *example;
      g_autoptr (JsonObject) facts = NULL;

      if (++*n > MOST_EXAMPLES)
        continue;
      facts = ac_store_parse_object (ac_sql_text (query, 1), error);
      if (facts == NULL)
        return FALSE;
      example = json_object_new ();
      ac_json_set_string (example, "change", came ? "added" : "removed");
      ac_json_set_string (example, "mailbox", ac_sql_text (query, 0));
      ac_json_set_string (example, "messageId", ac_json_get_string (facts, "messageId"));
      ac_json_set_string (example, "subject", ac_json_get_string (facts, "subject"));
      json_array_add_object_element (examples, example);
    }
  return step == AC_SQL_DONE;
}

/* Which addresses have come and gone, as far as they are told one by one. */
static char *
difference_words (JsonArray *examples)
{
  g_autoptr (GString) text =
      g_string_new ("The forwarding is not what was approved any more, so nothing was done:");

  for (guint i = 0; i < json_array_get_length (examples); i++)
    {
      JsonObject *one = json_array_get_object_element (examples, i);
      gboolean came = g_str_equal (ac_json_get_string (one, "change"), "added");

      g_string_append_printf (text, "%s “%s” of %s %s", i > 0 ? "," : "",
                              ac_json_get_string (one, "subject"),
                              ac_json_get_string (one, "mailbox"), came ? "is new" : "is gone");
    }
  g_string_append (text, ". Look at it again, then decide.");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
note_difference (AcWrite *write, const AcActionRow *row, char **words, GError **error)
{
  gint64 action = row->seq;
  g_autoptr (JsonObject) difference = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), difference);
  JsonArray *examples = json_array_new ();
  g_autofree char *text = NULL;
  gint64 added;
  gint64 removed;

  json_object_set_array_member (difference, "examples", examples);
  if (!add_examples (write->sql, action, TRUE, examples, &added, error) ||
      !add_examples (write->sql, action, FALSE, examples, &removed, error))
    return FALSE;
  ac_json_set_time (difference, "at", write->now);
  json_object_set_int_member (difference, "added", added);
  json_object_set_int_member (difference, "removed", removed);
  text = ac_store_json_text (node);
  if (is_forwarding (row))
    *words = difference_words (examples);
  else
    *words = g_strdup_printf ("The cluster is not what was approved any more, so nothing was done: "
                              "%" G_GINT64_FORMAT " messages have come, %" G_GINT64_FORMAT
                              " have gone since. Look at it again, then decide.",
                              added, removed);
  return ac_sql_run (write->sql, error,
                     "UPDATE clusters SET difference = ?, approved = NULL, approved_at = NULL "
                     "WHERE action = ?",
                     "si", text, action);
}

static gboolean
come_back (AcWrite *write, AcActionRow *row, const Look *look, GError **error)
{
  g_autofree char *words = NULL;
  gboolean done;

  return note_difference (write, row, &words, error) &&
         replace_set (write, row->seq, look, error) &&
         ac_write_item_state (write, row, "skipped", words, error) &&
         ac_write_transition (write, row, AC_EVENT_TARGETS_CHANGED, NULL, words, error) &&
         cancel_when_empty (write, row, look, &done, error);
}

static gboolean
end_verify (AcWrite *write, AcActionRow *row, const Look *look, GError **error)
{
  gboolean holds;

  if (!ac_transition_find (row->status, AC_EVENT_TARGETS_CHANGED, NULL))
    return forget_look (write, row->seq, error);
  if (!ac_store_approval_holds (write->sql, row->seq, look->approved, look->found.digest, &holds,
                                error))
    return FALSE;
  if (!holds)
    return come_back (write, row, look, error);
  return replace_set (write, row->seq, look, error) &&
         ac_sql_run (write->sql, error,
                     "UPDATE clusters SET look_at = NULL, difference = NULL WHERE action = ?", "i",
                     row->seq) &&
         (is_forwarding (row) ? ac_write_forwarding_start (write, row, error)
                              : ac_write_cluster_start (write, row, FALSE, error));
}

/* What is found now was not seen by whoever approved, so nothing is done to it. */
static gboolean
end_retry (AcWrite *write, AcActionRow *row, GError **error)
{
  return ac_sql_run (
             write->sql, error,
             "UPDATE action_assets AS a SET at = ?2, operation = ?3, (outcome, detail) = "
             "  (SELECT CASE WHEN l.problem IS NOT NULL OR n > 0 THEN 'failed' ELSE 'notFound' END,"
             "    CASE WHEN l.problem IS NOT NULL THEN l.problem WHEN n > 0 THEN "
             "      n || ' messages of this cluster are in this mailbox, which could not be looked "
             "at when it was approved. Nothing was done to them; have the cluster proposed again "
             "to "
             "decide about them.'"
             "    ELSE 'No message of this cluster is in this mailbox.' END "
             "   FROM (SELECT problem, (SELECT count (*) FROM cluster_found AS f "
             "           WHERE f.action = ?1 AND f.asset = a.asset) AS n "
             "         FROM cluster_looked WHERE action = ?1 AND asset = a.asset) AS l) "
             "WHERE action = ?1 AND asset IN "
             "  (SELECT asset FROM cluster_looked WHERE action = ?1)",
             "iii", row->seq, write->now, row->operation) &&
         forget_look (write, row->seq, error) &&
         ac_sql_run (write->sql, error, "UPDATE clusters SET looking = 0 WHERE action = ?", "i",
                     row->seq) &&
         ac_write_cluster_start (write, row, TRUE, error);
}

static gboolean
end_look (AcWrite *write, AcActionRow *row, Look *look, GError **error)
{
  if (look->purpose == AC_LOOK_RETRY)
    return end_retry (write, row, error);
  if (!keep_unread (write, row->seq, error) || !sum_up_found (write->sql, row->seq, look, error))
    return FALSE;
  return look->purpose == AC_LOOK_VERIFY ? end_verify (write, row, look, error)
                                         : end_pending (write, row, look, error);
}

/**
 * ac_store_is_decided:
 * @decided: (out): whether the look that is under way is part of a decision
 */
gboolean
ac_store_is_decided (AcSql *sql, gint64 action, gboolean *decided, GError **error)
{
  gint64 value;

  if (!ac_sql_get_integer (sql, &value, 0, error,
                           "SELECT purpose <> ? FROM clusters WHERE action = ?", "si",
                           purposes[AC_LOOK_PENDING], action))
    return FALSE;
  *decided = value != 0;
  return TRUE;
}

/* *is_current: the look is not one that was given up. */
static gboolean
load_look (AcSql *sql,
           gint64 action,
           gint64 number,
           Look *look,
           gboolean *is_current,
           GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT purpose, digest, approved, first_messages = 0, "
                    "  looked_at IS NOT NULL AND messages = 0 AND unreadable = 0 FROM clusters "
                    "WHERE action = ? AND look = ? AND looking",
                    "ii", action, number);
  AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;

  *is_current = step == AC_SQL_ROW;
  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (g_str_equal (purposes[i], ac_sql_text (query, 0)))
      look->purpose = (AcLookPurpose)i;
  look->before = g_strdup (ac_sql_text (query, 1));
  look->approved = g_strdup (ac_sql_text (query, 2));
  look->began_empty = sqlite3_column_int (query, 3) != 0;
  look->was_empty = sqlite3_column_int (query, 4) != 0;
  return TRUE;
}

static gboolean
insert_found (AcWrite *write,
              gint64 action,
              const char *mailbox,
              GPtrArray *messages,
              GError **error)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const AcClusterMessage *message = messages->pdata[i];
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), message->facts);
      g_autofree char *facts = ac_store_json_text (node);

      if (!ac_sql_run (write->sql, error,
                       "INSERT OR REPLACE INTO cluster_found VALUES (?, ?, ?, ?, ?)", "issis",
                       action, mailbox, message->key, (gint64)message->has_id, facts))
        return FALSE;
    }
  return TRUE;
}

/* The row of the work is taken away; when it was the last one, the look is at its end. */
static gboolean
finish_part (AcWrite *write, const AcWorkItem *item, AcActionRow *row, Look *look, GError **error)
{
  gint64 left;

  if (!ac_sql_run (write->sql, error,
                   "DELETE FROM work WHERE action = ? AND asset = ? AND look = ?", "isi", row->seq,
                   item->asset, item->look) ||
      !ac_sql_get_integer (write->sql, &left, 0, error,
                           "SELECT count (*) FROM work WHERE action = ? AND look > 0", "i",
                           row->seq))
    return FALSE;
  return left > 0 || end_look (write, row, look, error);
}

/**
 * ac_store_finish_look:
 * @item: a taken item of a look
 * @messages: (nullable) (element-type AcClusterMessage): what the mailbox holds
 * @problem: (nullable): instead, why it could not be looked at, as a sentence for a person
 *
 * Returns: %TRUE when it is on disk; also when the look was given up meanwhile.
 */
gboolean
ac_store_finish_look (AcStore *self,
                      const AcWorkItem *item,
                      GPtrArray *messages,
                      const char *problem,
                      GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_auto (Look) look = { 0 };
  g_autoptr (AcActionRow) row = NULL;
  gboolean is_current;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);
  g_return_val_if_fail ((messages == NULL) == (problem != NULL), FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error) ||
      (row = ac_action_row_load_by_id (write.sql, item->action_id, error)) == NULL ||
      !load_look (write.sql, row->seq, item->look, &look, &is_current, error))
    return FALSE;
  if (!is_current)
    return TRUE;
  return (messages == NULL || insert_found (&write, row->seq, item->asset, messages, error)) &&
         ac_sql_run (write.sql, error, "INSERT OR REPLACE INTO cluster_looked VALUES (?, ?, ?)",
                     "iss", row->seq, item->asset, problem) &&
         finish_part (&write, item, row, &look, error) && ac_write_commit (&write, error);
}

/**
 * ac_store_finish_listing:
 * @item: a taken item of a look at all mailboxes
 * @mailboxes: which there are; to be looked at from now on
 *
 * Returns: %TRUE when it is on disk; also when the look was given up meanwhile.
 */
gboolean
ac_store_finish_listing (AcStore *self,
                         const AcWorkItem *item,
                         const char *const *mailboxes,
                         GError **error)
{
  g_autoptr (AcCluster) cluster = ac_cluster_new (item->entity);
  g_auto (AcWrite) write = { 0 };
  g_auto (Look) look = { 0 };
  g_autoptr (AcActionRow) row = NULL;
  gboolean is_current;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, &service_actor, error) ||
      (row = ac_action_row_load_by_id (write.sql, item->action_id, error)) == NULL ||
      !load_look (write.sql, row->seq, item->look, &look, &is_current, error))
    return FALSE;
  if (!is_current)
    return TRUE;
  for (guint i = 0; mailboxes[i] != NULL; i++)
    if (ac_cluster_has_mailbox (cluster, mailboxes[i]) &&
        !ac_sql_run (write.sql, error,
                     "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at, "
                     "  state, look) SELECT action, ?1, ?2, type, undo, bulk, decided_at, 'ready', "
                     "  look FROM work WHERE action = ?3 AND asset = ?4 AND look = ?5",
                     "isisi", (gint64)i + 1, mailboxes[i], row->seq, item->asset, item->look))
      return FALSE;
  write.changed = TRUE;
  return finish_part (&write, item, row, &look, error) && ac_write_commit (&write, error);
}

/* --- looks by themselves, and when somebody asks --- */

static gboolean
find_due (AcSql *sql, gint64 now, GArray *actions, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error, "SELECT action FROM clusters WHERE look_at <= ? ORDER BY look_at LIMIT ?", "ii",
      now, (gint64)CHUNK);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 action = sqlite3_column_int64 (query, 0);

      g_array_append_val (actions, action);
    }
  return step == AC_SQL_DONE;
}

static gboolean
look_at_pending (AcWrite *write, gint64 action, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, action, error);

  if (row == NULL)
    return FALSE;
  if (ac_transition_find (row->status, AC_EVENT_NOTHING_LEFT, NULL))
    return ac_write_look (write, action, AC_LOOK_PENDING, BULK_OF_PENDING, AC_TIME_NONE, error);
  return ac_sql_run (write->sql, error, "UPDATE clusters SET look_at = NULL WHERE action = ?", "i",
                     action);
}

/**
 * ac_store_start_looks:
 * @now: microseconds since 1970 in UTC
 *
 * Begins the looks whose time has come.
 */
gboolean
ac_store_start_looks (AcStore *self, gint64 now, GError **error)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (gint64));
  AcSql *sql;
  gboolean good;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  good = find_due (sql, now, due, error);
  ac_store_end_read (self, sql);
  while (good && due->len > 0)
    {
      g_auto (AcWrite) write = { 0 };

      if (!ac_store_begin_write (self, &write, &service_actor, error))
        return FALSE;
      for (guint i = 0; i < due->len; i++)
        if (!look_at_pending (&write, g_array_index (due, gint64, i), error))
          return FALSE;
      g_array_set_size (due, 0);
      good = find_due (write.sql, now, due, error) && ac_write_commit (&write, error);
    }
  return good;
}

/**
 * ac_store_look:
 * @id: of an action on a cluster
 *
 * Has the messages of the cluster counted anew, unless that is under way already.
 *
 * Returns: %FALSE with AC_STORE_ERROR_NOT_FOUND, AC_STORE_ERROR_CONFLICT when the action does not
 * wait for a decision or is about no cluster, or AC_STORE_ERROR_FAILED.
 */
gboolean
ac_store_look (AcStore *self, const char *id, const AcActor *actor, GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autoptr (AcActionRow) row = NULL;
  gint64 looking;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      (row = ac_action_row_load_by_id (write.sql, id, error)) == NULL ||
      !ac_sql_get_integer (write.sql, &looking, -1, error,
                           "SELECT looking FROM clusters WHERE action = ?", "i", row->seq))
    return FALSE;
  if (looking < 0 || !ac_transition_find (row->status, AC_EVENT_NOTHING_LEFT, NULL))
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
                   looking < 0
                       ? "The action “%s” is about no cluster, so there is nothing to count."
                       : "The action “%s” does not wait for a decision any more, so there "
                         "is nothing to count.",
                   id);
      return FALSE;
    }
  /* Somebody waits for it, so it is not behind everything else. */
  return looking != 0 ||
         (ac_write_look (&write, row->seq, AC_LOOK_PENDING, 1, AC_TIME_NONE, error) &&
          ac_write_commit (&write, error));
}
