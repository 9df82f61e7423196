/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random histories: whatever happens in whatever order, the sums add up, versions only grow, and
 * whoever follows the change log knows the state. The seed that GLib prints first replays a run
 * (--seed). */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

#define N_HISTORIES 20
#define N_STEPS 150

typedef struct
{
  Fixture *fixture;
  GPtrArray *actions;    /* of char *, all ids */
  GPtrArray *operations; /* of char *, all ids */
  GHashTable *known;     /* set of ids */
  GHashTable *versions;  /* id → version, as the change log told it last */
  char *token;           /* of the change log */
  guint n_investigations;
  guint n_accepted; /* decisions over actions */
} History;

static void
add_all_actions (History *history, const char *investigation)
{
  g_auto (GStrv) ids = ids_of_investigation (history->fixture->store, investigation);

  for (char **id = ids; *id != NULL; id++)
    if (g_hash_table_add (history->known, g_strdup (*id)))
      g_ptr_array_add (history->actions, g_strdup (*id));
}

static void
step_propose (History *history)
{
  static const char *const mailboxes[] = { "a@x", "b@x", "c@x" };
  g_autofree char *external_id = g_strdup_printf ("x-%u", history->n_investigations++ % 10);
  g_autofree char *id =
      propose (history->fixture->store, external_id, (guint)g_test_rand_int_range (0, 8),
               mailboxes[g_test_rand_int_range (0, 3)]);

  add_all_actions (history, id);
}

/* An action in two mailboxes. */
static void
step_propose_for_two (History *history)
{
  g_autofree char *text =
      g_strdup_printf ("{'externalId':'two-%u','title':'t','actions':[{'type':'softDeleteEmail',"
                       "'verdict':'malicious','assets':['a@x','b@x'],"
                       "'entity':{'type':'emailMessage','messageId':'<%u@two>'}}]}",
                       history->n_investigations, history->n_investigations);
  g_autoptr (JsonObject) investigation = post (history->fixture->store, text, NULL);

  history->n_investigations++;
  add_all_actions (history, ac_json_get_string (investigation, "id"));
}

/* An undo or a retry for one mailbox of an action, whether or not there is something to do. */
static void
step_decide_for_one (History *history)
{
  static const char *const mailboxes[] = { "a@x", "b@x" };
  AcDecision decision = g_test_rand_bit () ? AC_DECISION_UNDO : AC_DECISION_RETRY;
  const char *assets[] = { mailboxes[g_test_rand_int_range (0, 2)], NULL };
  const char *ids[] = { NULL, NULL };
  g_autoptr (AcOperationRequest) request = NULL;
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = g_uuid_string_random ();

  if (history->actions->len == 0)
    return;
  ids[0] = history->actions->pdata[g_test_rand_int_range (0, (gint32)history->actions->len)];
  request = ac_operation_request_new (decision, ids, NULL);
  ac_operation_request_set_assets (request, assets);
  operation = submit_operation (history->fixture->store, request, key, &bob, NULL, NULL, &error);
  if (operation == NULL)
    {
      g_assert_true (g_error_matches (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT) ||
                     g_error_matches (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_ASSETS));
      return;
    }
  history->n_accepted++;
  g_ptr_array_add (history->operations, g_strdup (ac_json_get_string (operation, "id")));
}

/* Some actions, none twice; mostly such as allow the event. */
static GStrv
choose_actions (History *history, AcEvent event)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean careless = g_test_rand_int_range (0, 5) == 0;
  int n = g_test_rand_int_range (1, 6);

  for (int i = 0; i < 30 && g_hash_table_size (chosen) < (guint)n; i++)
    {
      const char *id =
          history->actions->pdata[g_test_rand_int_range (0, (gint32)history->actions->len)];
      g_autofree char *status = status_of (history->fixture->store, id);

      if ((careless || ac_transition_find (ac_status_parse (status), event, NULL)) &&
          g_hash_table_add (chosen, (gpointer)id))
        g_strv_builder_add (builder, id);
    }
  return g_strv_builder_end (builder);
}

static void
step_decide (History *history)
{
  g_auto (GStrv) ids = NULL;
  g_autoptr (AcOperationRequest) request = NULL;
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (AcProblem) problem = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = g_uuid_string_random ();
  AcDecision decision =
      (AcDecision)g_test_rand_int_range (AC_DECISION_APPROVE, AC_DECISION_RETRY + 1);
  AcEvent event = AC_EVENT_APPROVE;
  gboolean allowed = TRUE;

  if (history->actions->len == 0)
    return;
  g_assert_true (ac_event_from_decision (decision, &event));
  ids = choose_actions (history, event);
  if (ids[0] == NULL)
    return;
  for (char **id = ids; *id != NULL; id++)
    {
      g_autofree char *status = status_of (history->fixture->store, *id);

      allowed = allowed && ac_transition_find (ac_status_parse (status), event, NULL);
    }
  request = ac_operation_request_new (decision, (const char *const *)ids, NULL);
  operation = submit_operation (history->fixture->store, request, key,
                                g_test_rand_bit () ? &alice : &bob, NULL, &problem, &error);
  if (operation != NULL)
    {
      g_assert_true (allowed);
      history->n_accepted += g_strv_length (ids);
      g_ptr_array_add (history->operations, g_strdup (ac_json_get_string (operation, "id")));
      return;
    }
  /* What the table allows is refused only when there is nothing to undo. */
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
  g_assert_nonnull (problem);
  if (allowed)
    g_assert_cmpint (decision, ==, AC_DECISION_UNDO);
}

static void
step_take_back (History *history)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) operation = NULL;

  if (history->operations->len == 0)
    return;
  operation = ac_store_take_back_operation (
      history->fixture->store,
      history->operations->pdata[g_test_rand_int_range (0, (gint32)history->operations->len)],
      &alice, &error);
  if (operation == NULL)
    g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
}

static AcOutcome
random_outcome (gboolean undo)
{
  static const AcOutcome applied[] = { AC_OUTCOME_MOVED,         AC_OUTCOME_MOVED,
                                       AC_OUTCOME_ALREADY_THERE, AC_OUTCOME_NOT_FOUND,
                                       AC_OUTCOME_FAILED,        AC_OUTCOME_DONE,
                                       AC_OUTCOME_NOTHING_TO_DO };
  static const AcOutcome undone[] = { AC_OUTCOME_RESTORED, AC_OUTCOME_ALREADY_RESTORED,
                                      AC_OUTCOME_MOVED_BY_OTHER, AC_OUTCOME_FAILED,
                                      AC_OUTCOME_CONFLICT };

  return undo ? undone[g_test_rand_int_range (0, G_N_ELEMENTS (undone))]
              : applied[g_test_rand_int_range (0, G_N_ELEMENTS (applied))];
}

static void
step_work (History *history)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = ac_store_take_work (history->fixture->store, NULL,
                                                    (guint)g_test_rand_int_range (1, 5), &error);

  g_assert_no_error (error);
  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      g_assert_true (ac_store_return_work (history->fixture->store, items, ac_time_now (), NULL));
      break;
    case 1:
      /* The process dies with the work in its hands. */
      fixture_reopen (history->fixture);
      g_assert_true (ac_store_recover_work (history->fixture->store, NULL));
      break;
    default:
      if (items->len > 0)
        finish (history->fixture->store, items,
                random_outcome (((const AcWorkItem *)items->pdata[0])->undo));
      break;
    }
}

static void
step_expire (History *history)
{
  g_assert_true (ac_store_expire_actions (history->fixture->store,
                                          ac_time_now () + 2 * G_TIME_SPAN_DAY, NULL, NULL));
}

/* Each version of each action is told once, in order, and none is left out. */
static void
follow_changes (History *history)
{
  gboolean more;

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) page =
          read_changes (history->fixture->store, history->token, 7, &error);
      JsonArray *items;

      g_assert_no_error (error);
      items = ac_json_get_array (page, "items");
      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          JsonObject *change = json_array_get_object_element (items, i);
          const char *id = ac_json_get_string (change, "id");
          gint64 version = ac_json_get_integer (change, "version", 0);

          g_assert_cmpint (version, ==,
                           GPOINTER_TO_INT (g_hash_table_lookup (history->versions, id)) + 1);
          g_hash_table_insert (history->versions, g_strdup (id), GINT_TO_POINTER ((int)version));
        }
      more = ac_json_get_boolean (page, "more", FALSE);
      g_free (history->token);
      history->token = g_strdup (ac_json_get_string (page, "next"));
    }
  while (more);
}

static void
check_operation (History *history, const char *id)
{
  g_autoptr (JsonObject) operation = get_operation (history->fixture->store, id, NULL);
  JsonArray *items = ac_json_get_array (operation, "items");
  guint n_waiting = 0;
  guint n_done = 0;
  guint n_failed = 0;
  guint n_skipped = 0;

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      const char *state = ac_json_get_string (json_array_get_object_element (items, i), "state");

      n_waiting += g_str_equal (state, "queued") || g_str_equal (state, "running");
      n_done += g_str_equal (state, "done");
      n_failed += g_str_equal (state, "failed");
      n_skipped += g_str_equal (state, "skipped") || g_str_equal (state, "takenBack");
    }
  g_assert_cmpint (count_of (operation, "total"), ==, json_array_get_length (items));
  g_assert_cmpint (count_of (operation, "waiting"), ==, n_waiting);
  g_assert_cmpint (count_of (operation, "done"), ==, n_done);
  g_assert_cmpint (count_of (operation, "failed"), ==, n_failed);
  g_assert_cmpint (count_of (operation, "skipped"), ==, n_skipped);
  g_assert_cmpstr (ac_json_get_string (operation, "status"), ==,
                   n_waiting > 0 ? "running" : "finished");
  g_assert_cmpint (json_object_has_member (operation, "finishedAt"), ==, n_waiting == 0);
}

/* What the timeline tells is a way that the table of transitions allows, up to the status now. */
static void
check_action (History *history, const char *id)
{
  g_autoptr (JsonObject) action = ac_store_get_action (history->fixture->store, id, NULL);
  JsonArray *timeline = ac_json_get_array (action, "timeline");
  const char *status = "pending";

  g_assert_cmpint (ac_json_get_integer (action, "version", 0), ==,
                   GPOINTER_TO_INT (g_hash_table_lookup (history->versions, id)));
  g_assert_cmpuint (json_array_get_length (timeline), ==,
                    ac_json_get_integer (action, "version", 0));
  for (guint i = 1; i < json_array_get_length (timeline); i++)
    {
      JsonObject *entry = json_array_get_object_element (timeline, i);
      const char *name = ac_json_get_string (entry, "event");
      AcStatus after = AC_STATUS_UNKNOWN;
      gboolean allowed = FALSE;

      g_assert_cmpstr (ac_json_get_string (entry, "before"), ==, status);
      for (guint event = 0; event < AC_N_EVENTS; event++)
        if (g_str_equal (ac_event_name (event), name))
          allowed = ac_transition_find (ac_status_parse (status), event, &after);
      g_assert_true (allowed);
      status = ac_json_get_string (entry, "after");
      g_assert_cmpstr (status, ==, ac_status_wire (after));
    }
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, status);
}

static void
check (History *history)
{
  Fixture *fixture = history->fixture;
  guint64 n_rows;
  g_autoptr (GError) error = NULL;

  follow_changes (history);
  for (guint i = 0; i < history->operations->len; i++)
    check_operation (history, history->operations->pdata[i]);
  for (guint i = 0; i < history->actions->len; i++)
    check_action (history, history->actions->pdata[i]);
  g_assert_true (ac_store_verify_audit (fixture->store, &n_rows, &error));
  g_assert_no_error (error);
  /* The sums beside the tables are those of the tables. */
  g_assert_cmpint (
      look (fixture, "SELECT count (*) FROM (SELECT status, type, verdict, source, entity_type, "
                     "decided_by, count (*) AS n FROM actions GROUP BY 1, 2, 3, 4, 5, 6 "
                     "EXCEPT SELECT status, type, verdict, source, entity_type, decided_by, n "
                     "FROM action_counts)"),
      ==, 0);
  g_assert_cmpint (look (fixture, "SELECT total (n) FROM action_counts"), ==,
                   history->actions->len);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM investigations AS i WHERE "
                                  "action_count <> (SELECT count (*) FROM actions "
                                  "  WHERE investigation = i.seq) OR "
                                  "pending_count <> (SELECT count (*) FROM actions "
                                  "  WHERE investigation = i.seq AND status = 'pending')"),
                   ==, 0);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions AS a WHERE moved <> "
                                  "(SELECT total (moved) FROM action_assets WHERE action = a.seq) "
                                  "AND status NOT IN ('running', 'undoing')"),
                   ==, 0);
  /* Nothing is undone while something is left to bring back; where an undo that was asked for has
   * not brought it back, that shows. */
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions WHERE status = 'undone' "
                                  "AND moved > 0"),
                   ==, 0);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions AS a WHERE "
                                  "status NOT IN ('undoQueued', 'undoing') AND "
                                  "(status = 'undoFailed') <> EXISTS (SELECT 1 "
                                  "  FROM action_assets WHERE action = a.seq AND moved AND undo)"),
                   ==, 0);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE kind = 'action' AND "
                                  "event IN ('approve', 'reject', 'undo', 'retry')"),
                   ==, history->n_accepted);
}

static void
work_off_well (AcStore *store)
{
  for (;;)
    {
      g_autoptr (GPtrArray) items = ac_store_take_work (store, NULL, 200, NULL);

      g_assert_nonnull (items);
      if (items->len == 0)
        return;
      finish (store, items,
              ((const AcWorkItem *)items->pdata[0])->undo ? AC_OUTCOME_RESTORED : AC_OUTCOME_MOVED);
    }
}

static void
test_random_histories (void)
{
  /* What one step costs grows with the steps before. */
  const guint n_steps = checker_slowness () > 4 ? N_STEPS / 2 : N_STEPS;

  for (guint i = 0; i < scaled (N_HISTORIES); i++)
    {
      Fixture fixture = { 0 };
      History history = {
        .fixture = &fixture,
        .actions = g_ptr_array_new_with_free_func (g_free),
        .operations = g_ptr_array_new_with_free_func (g_free),
        .known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
        .versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
      };
      g_autoptr (JsonObject) start = NULL;

      fixture_set_up (&fixture, NULL);
      start = read_changes (fixture.store, NULL, 0, NULL);
      history.token = g_strdup (ac_json_get_string (start, "next"));
      for (guint step = 0; step < n_steps; step++)
        {
          switch (g_test_rand_int_range (0, 20))
            {
            case 0:
            case 1:
              step_propose (&history);
              break;
            case 2:
              step_propose_for_two (&history);
              break;
            case 3:
              if (g_test_rand_int_range (0, 8) == 0)
                step_expire (&history);
              break;
            case 4:
              step_take_back (&history);
              break;
            case 5:
            case 6:
            case 7:
            case 8:
            case 9:
            case 10:
              step_decide (&history);
              break;
            case 11:
              step_decide_for_one (&history);
              break;
            default:
              step_work (&history);
              break;
            }
          if (step % 10 == 9)
            check (&history);
        }
      work_off_well (fixture.store);
      check (&history);
      g_assert_cmpint (look (&fixture, "SELECT count (*) FROM actions WHERE status IN "
                                       "('queued', 'running', 'undoQueued', 'undoing')"),
                       ==, 0);
      g_test_message ("history %u: %u actions, %u operations, %u decisions", i,
                      history.actions->len, history.operations->len, history.n_accepted);
      g_ptr_array_unref (history.actions);
      g_ptr_array_unref (history.operations);
      g_hash_table_unref (history.known);
      g_hash_table_unref (history.versions);
      g_free (history.token);
      fixture_tear_down (&fixture, NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/histories/random", test_random_histories);
  return g_test_run ();
}
