/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions about clusters. An approval holds for the messages that a person has seen: it names the
 * digest of their set, and it is asked for once more, with the numbers, where they are many. */
#include "config.h"

#include <string.h>

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

#define SAME_CLUSTER_MINUTES 60

/* What is approved together. */
typedef struct
{
  AcStore *store;
  AcSql *sql;
  const AcOperationRequest *request;
  gint64 now;
  gint64 messages;
  GHashTable *mailboxes; /* set of names */
  GHashTable *queries;   /* set of digests */
  AcProblem *problem;    /* names each cluster and what it is about */
  gboolean is_unseen;    /* of one the request does not say what was seen */
} Approval;

/* One of them. */
typedef struct
{
  gboolean is_cluster;
  char *query;
  char *digest; /* nullable: not looked yet */
  char *name;
  gint64 messages;
  gint64 unreadable;
} Cluster;

static void
cluster_clear (Cluster *cluster)
{
  g_free (cluster->query);
  g_free (cluster->digest);
  g_free (cluster->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cluster, cluster_clear)

gboolean
ac_store_looks_for_targets (AcActionType type)
{
  return type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER ||
         type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
}

/**
 * ac_store_has_cluster:
 * @has: (out): whether the messages of the action are looked for; not so for one that is older than
 * that
 */
gboolean
ac_store_has_cluster (AcSql *sql, gint64 action, gboolean *has, GError **error)
{
  gint64 n;

  if (!ac_sql_get_integer (sql, &n, 0, error, "SELECT 1 FROM clusters WHERE action = ?", "i",
                           action))
    return FALSE;
  *has = n != 0;
  return TRUE;
}

static gboolean
load_cluster (AcSql *sql, gint64 action, Cluster *cluster, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT c.query, c.digest, c.messages, c.unreadable, a.details FROM clusters AS c "
      "JOIN actions AS a ON a.seq = c.action WHERE c.action = ?",
      "i", action);
  AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;

  cluster->is_cluster = step == AC_SQL_ROW;
  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  cluster->query = g_strdup (ac_sql_text (query, 0));
  cluster->digest = g_strdup (ac_sql_text (query, 1));
  cluster->messages = sqlite3_column_int64 (query, 2);
  cluster->unreadable = sqlite3_column_int64 (query, 3);
  cluster->name = g_strdup (ac_sql_text (query, 4));
  return TRUE;
}

static gboolean
add_mailboxes (AcSql *sql, gint64 action, GHashTable *mailboxes, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error, "SELECT DISTINCT asset FROM cluster_messages WHERE action = ?", "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    g_hash_table_add (mailboxes, g_strdup (ac_sql_text (query, 0)));
  return step == AC_SQL_DONE;
}

/* *words: (transfer full): who has approved the same within the hour; NULL: nobody. An approval
 * counts as the same when it held for all the messages that are there now: what has come since is
 * something else. */
static gboolean
find_same (Approval *approval,
           const AcActionRow *row,
           const Cluster *cluster,
           char **words,
           GError **error)
{
  g_autoptr (GDateTime) moment = NULL;
  g_autofree char *when = NULL;
  g_autoptr (AcSqlReset) query = ac_sql_query (
      approval->sql, error,
      "SELECT o.decided_by, c.approved_at, a.id FROM clusters AS c "
      "JOIN actions AS a ON a.seq = c.action JOIN operations AS o ON o.seq = a.operation "
      "WHERE c.query = ?1 AND c.action <> ?2 AND c.approved_at > ?3 AND NOT EXISTS "
      "  (SELECT 1 FROM cluster_messages AS mine WHERE mine.action = ?2 AND NOT EXISTS "
      "    (SELECT 1 FROM cluster_messages AS theirs WHERE theirs.action = c.action "
      "       AND theirs.asset = mine.asset AND theirs.message = mine.message "
      "  AND " AC_SQL_HAS_COPIES_OF ("theirs", "mine") ")) ORDER BY c.approved_at DESC LIMIT 1",
      "sii", cluster->query, row->seq, approval->now - SAME_CLUSTER_MINUTES * G_TIME_SPAN_MINUTE);
  AcSqlStep step = query != NULL ? ac_sql_step (approval->sql, query, error) : AC_SQL_ERROR;

  *words = NULL;
  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  moment = g_date_time_new_from_unix_utc (ac_sql_time (query, 1) / G_USEC_PER_SEC);
  when = g_date_time_format (moment, "%Y-%m-%d at %H:%M:%S UTC");
  *words = g_strdup_printf (
      "The same cluster was approved by %s on %s already, as the action %s, and is not carried out "
      "twice within %d minutes. Look at that action for what came of it, and try again there what "
      "failed.",
      ac_sql_text (query, 0), when, ac_sql_text (query, 2), SAME_CLUSTER_MINUTES);
  return TRUE;
}

/* Gives the request back as a conflict about one action. */
static gboolean
refuse (const AcActionRow *row, const char *words, AcProblem **problem, GError **error)
{
  if (problem != NULL)
    {
      *problem = ac_problem_new (409, "urn:action-center:problem:conflict",
                                 "The actions do not allow this decision", words);
      ac_problem_add_conflict (*problem, row->id, ac_status_wire (row->status), NULL, NULL,
                               AC_TIME_NONE);
    }
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT, words);
  return FALSE;
}

static gboolean
refuse_changed (const AcActionRow *row, const Cluster *cluster, AcProblem **problem, GError **error)
{
  g_autofree char *words = g_strdup_printf (
      row->type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING
          ? "The forwarding of “%s” has changed since you looked at it: now it goes to "
            "%" G_GINT64_FORMAT " addresses outside. Nothing was done; look at it again, then "
            "decide."
          : "What belongs to the cluster “%s” has changed since you looked at it: now it has "
            "%" G_GINT64_FORMAT " messages. Nothing was done; look at it again, then decide.",
      cluster->name, cluster->messages);

  if (problem != NULL)
    {
      *problem = ac_problem_new (409, "urn:action-center:problem:targets-changed",
                                 "The targets are not what was seen", words);
      ac_problem_add_conflict (*problem, row->id, ac_status_wire (row->status), NULL, NULL,
                               AC_TIME_NONE);
    }
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_TARGETS_CHANGED, words);
  return FALSE;
}

static gboolean
check_cluster (Approval *approval, const AcActionRow *row, AcProblem **problem, GError **error)
{
  g_auto (Cluster) cluster = { 0 };
  g_autofree char *words = NULL;
  const char *seen = approval->request->targets != NULL
                         ? g_hash_table_lookup (approval->request->targets, row->id)
                         : NULL;

  if (!load_cluster (approval->sql, row->seq, &cluster, error))
    return FALSE;
  if (!cluster.is_cluster)
    return TRUE;
  if (cluster.digest == NULL)
    {
      words = g_strdup_printf ("The mailboxes are still being searched for the messages of the "
                               "cluster “%s”. Decide when they are counted.",
                               cluster.name);
      return refuse (row, words, problem, error);
    }
  if (seen != NULL && strcmp (seen, cluster.digest) != 0)
    return refuse_changed (row, &cluster, problem, error);
  if (cluster.messages == 0)
    {
      words =
          cluster.unreadable == 0
              ? g_strdup_printf ("No message of the cluster “%s” was found. There is nothing to "
                                 "approve.",
                                 cluster.name)
              : g_strdup_printf (
                    "No message of the cluster “%s” was found, and %" G_GINT64_FORMAT
                    " mailboxes could not be looked at. There is nothing to approve yet.",
                    cluster.name, cluster.unreadable);
      return refuse (row, words, problem, error);
    }
  if (!find_same (approval, row, &cluster, &words, error))
    return FALSE;
  if (words == NULL && !g_hash_table_add (approval->queries, g_strdup (cluster.query)))
    words =
        g_strdup_printf ("The cluster “%s” stands twice among these actions, and is not carried "
                         "out twice. Approve one of them.",
                         cluster.name);
  if (words != NULL)
    return refuse (row, words, problem, error);
  approval->messages += cluster.messages;
  approval->is_unseen = approval->is_unseen || seen == NULL;
  ac_problem_add_target (approval->problem, row->id, cluster.digest);
  return add_mailboxes (approval->sql, row->seq, approval->mailboxes, error);
}

/* An approval that does not say what was seen holds for what was found last. */
static gboolean
check_forwarding (Approval *approval, const AcActionRow *row, AcProblem **problem, GError **error)
{
  g_auto (Cluster) found = { 0 };
  g_autofree char *words = NULL;
  const char *seen = approval->request->targets != NULL
                         ? g_hash_table_lookup (approval->request->targets, row->id)
                         : NULL;

  if (!load_cluster (approval->sql, row->seq, &found, error))
    return FALSE;
  if (!found.is_cluster)
    return TRUE;
  if (found.digest == NULL)
    words = g_strdup_printf ("The scripts of “%s” are still being looked at. Decide when the "
                             "addresses are known that mail is forwarded to.",
                             found.name);
  else if (seen != NULL && strcmp (seen, found.digest) != 0)
    return refuse_changed (row, &found, problem, error);
  else if (found.messages == 0 && found.unreadable == 0)
    words = g_strdup_printf ("No active script of “%s” forwards to an address outside. There is "
                             "nothing to turn off.",
                             found.name);
  else if (found.messages == 0)
    words = g_strdup_printf ("The scripts of “%s” could not be looked at, so it is not known where "
                             "mail is forwarded to. Have them looked at again, then decide.",
                             found.name);
  return words == NULL || refuse (row, words, problem, error);
}

static gboolean
check_confirmed (Approval *approval, AcProblem **problem, GError **error)
{
  g_autoptr (GString) scope = g_string_new (NULL);
  guint limit = approval->store->confirm_messages;

  if (approval->problem->targets->len == 0 ||
      (!approval->is_unseen && (limit == 0 || approval->messages <= limit ||
                                approval->request->confirmed_messages == approval->messages)))
    return TRUE;
  approval->problem->messages = approval->messages;
  approval->problem->mailboxes = g_hash_table_size (approval->mailboxes);
  ac_store_add_scope (scope, approval->messages, approval->problem->mailboxes);
  approval->problem->detail = g_strdup_printf (
      "This moves %s. Nothing was done yet: confirm this number to approve it.", scope->str);
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_UNCONFIRMED,
                       approval->problem->detail);
  if (problem != NULL)
    *problem = g_steal_pointer (&approval->problem);
  return FALSE;
}

/**
 * ac_store_check_clusters:
 * @rows: (element-type AcActionRow): what is decided on
 * @problem: (out) (optional): what to tell, with AC_STORE_ERROR_CONFLICT,
 * AC_STORE_ERROR_TARGETS_CHANGED and AC_STORE_ERROR_UNCONFIRMED
 *
 * Returns: whether the clusters among them may be approved like this.
 */
gboolean
ac_store_check_clusters (AcStore *self,
                         AcSql *sql,
                         const AcOperationRequest *request,
                         GPtrArray *rows,
                         gint64 now,
                         AcProblem **problem,
                         GError **error)
{
  g_autoptr (GHashTable) mailboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) queries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Approval approval = { .store = self,
                        .sql = sql,
                        .request = request,
                        .now = now,
                        .mailboxes = mailboxes,
                        .queries = queries };
  gboolean good = TRUE;

  if (request->decision != AC_DECISION_APPROVE)
    return TRUE;
  approval.problem = ac_problem_new (409, "urn:action-center:problem:confirmation-needed",
                                     "The number of messages must be confirmed", NULL);
  for (guint i = 0; good && i < rows->len; i++)
    {
      const AcActionRow *row = rows->pdata[i];

      if (row->type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
        good = check_cluster (&approval, row, problem, error);
      else if (row->type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING)
        good = check_forwarding (&approval, row, problem, error);
    }
  good = good && check_confirmed (&approval, problem, error);
  g_clear_pointer (&approval.problem, ac_problem_free);
  return good;
}

static gboolean
approve (AcWrite *write, const AcActionRow *row, gint64 lane, gint64 not_before, GError **error)
{
  gint64 messages;

  return ac_sql_get_integer (write->sql, &messages, 0, error,
                             "UPDATE clusters SET approved = digest, approved_at = ? "
                             "WHERE action = ? RETURNING messages",
                             "ii", write->now, row->seq) &&
         ac_write_look (write, row->seq, AC_LOOK_VERIFY, MAX (lane, ac_store_lane (messages)),
                        not_before, error);
}

/* What failed without a message, because it could not be looked at, is looked at first. */
static gboolean
retry (AcWrite *write, AcActionRow *row, gint64 lane, GError **error)
{
  gint64 n;

  if (!ac_write_look (write, row->seq, AC_LOOK_RETRY, lane, AC_TIME_NONE, error) ||
      !ac_sql_get_integer (write->sql, &n, 0, error,
                           "SELECT count (*) FROM work WHERE action = ? AND look > 0", "i",
                           row->seq))
    return FALSE;
  if (n > 0)
    return TRUE;
  return ac_sql_run (write->sql, error, "UPDATE clusters SET looking = 0 WHERE action = ?", "i",
                     row->seq) &&
         ac_write_cluster_start (write, row, TRUE, error);
}

/**
 * ac_write_cluster_decision:
 * @row: of an action on a cluster, in the status that the decision has brought it to
 * @undo: whether it is to be undone
 * @lane: that of the whole operation
 * @not_before: when the first thing may be done, or AC_TIME_NONE
 *
 * Gives an approval and a retry their work, and an undo its messages.
 */
gboolean
ac_write_cluster_decision (AcWrite *write,
                           AcActionRow *row,
                           AcDecision decision,
                           gboolean undo,
                           gint64 lane,
                           gint64 not_before,
                           GError **error)
{
  if (undo)
    return ac_sql_run (write->sql, error,
                       "UPDATE cluster_messages SET todo = 1 WHERE action = ? AND moved", "i",
                       row->seq) &&
           ac_sql_run (write->sql, error,
                       "UPDATE clusters SET approved = NULL, approved_at = NULL WHERE action = ?",
                       "i", row->seq);
  return decision == AC_DECISION_APPROVE ? approve (write, row, lane, not_before, error)
                                         : retry (write, row, lane, error);
}

/**
 * ac_write_forwarding_start:
 * @row: of an approval of what was found once more
 *
 * Puts the mailboxes into the queue; one that nobody could look at is left, for nobody has seen
 * what would be done to it.
 */
gboolean
ac_write_forwarding_start (AcWrite *write, AcActionRow *row, GError **error)
{
  g_autoptr (AcActionRow) started = NULL;
  gint64 n;

  if (!ac_sql_run (write->sql, error,
                   "UPDATE action_assets AS a SET outcome = 'failed', at = ?2, operation = ?3, "
                   "  detail = (SELECT problem FROM cluster_unreadable AS u "
                   "    WHERE u.action = ?1 AND u.asset = a.asset) "
                   "WHERE action = ?1 AND asset IN "
                   "  (SELECT asset FROM cluster_unreadable WHERE action = ?1)",
                   "iii", row->seq, write->now, row->operation) ||
      !ac_sql_get_integer (write->sql, &n, 0, error,
                           "SELECT count (*) FROM action_assets WHERE action = ? "
                           "AND outcome IS NULL",
                           "i", row->seq) ||
      !ac_sql_run (
          write->sql, error,
          "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at, state) "
          "SELECT action, position, asset, ?2, 0, ?3, ?4, 'ready' FROM action_assets "
          "WHERE action = ?1 AND outcome IS NULL",
          "isii", row->seq, ac_action_type_wire (row->type), ac_store_lane (n), write->now))
    return FALSE;
  write->changed = TRUE;
  if (n > 0)
    return TRUE;
  if (!ac_write_start_action (write, row->seq, error))
    return FALSE;
  started = ac_action_row_load (write->sql, row->seq, error);
  return started != NULL && ac_write_end_action (write, started, FALSE, error);
}
