/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-operation-run.h"
#include "harness.h"

/* An operation over two actions, which takes `looks` looks to finish. */
typedef struct
{
  guint fail_submits; /* so many POSTs are answered with this status; 0: hung up on */
  guint fail_status;
  guint fail_looks; /* so many GETs fail */
  guint looks;
  guint n_looks;
  const char *keys[16];
  guint n_submits;
  guint n_take_backs;
  const char *until; /* nullable: to then it costs nothing to take it back */
  gint64 reached;    /* when the first POST was there */
} World;

static void
answer_operation (World *world, SoupServerMessage *message, guint status, gboolean with_items)
{
  gboolean finished = world->n_looks >= world->looks;
  g_autofree char *until = world->until != NULL
                               ? g_strdup_printf ("\"takeBackUntil\":\"%s\",", world->until)
                               : g_strdup ("");
  g_autofree char *body = g_strdup_printf (
      "{\"id\":\"op\",\"decision\":\"approve\",\"decidedBy\":\"j.doe\","
      "\"createdAt\":\"2026-01-01T00:00:00Z\",%s\"status\":\"%s\","
      "\"counts\":{\"total\":3,\"waiting\":%u,\"done\":%u,\"failed\":%u,\"skipped\":0}%s}",
      until, finished ? "finished" : "running", finished ? 0 : 3, finished ? 2 : 0,
      finished ? 1 : 0,
      with_items ? ",\"items\":[{\"actionId\":\"a\",\"status\":\"completed\",\"state\":\"done\"},"
                   "{\"actionId\":\"b\",\"status\":\"failed\",\"state\":\"failed\","
                   "\"detail\":\"Over quota.\"},"
                   "{\"actionId\":\"c\",\"status\":\"undone\",\"state\":\"done\"}]"
                 : "");

  fake_answer (message, status, body);
}

static void
hang_up (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

static void
play_world (FakeService *service,
            SoupServerMessage *message,
            const FakeRequest *request,
            guint number,
            gpointer user_data)
{
  World *world = user_data;

  if (g_str_equal (request->method, "POST"))
    {
      if (world->reached == 0)
        world->reached = g_get_monotonic_time ();
      world->keys[world->n_submits++] = request->idempotency_key;
      if (world->fail_submits > 0)
        {
          world->fail_submits--;
          if (world->fail_status == 0)
            hang_up (message);
          else
            fake_problem (message, world->fail_status, "conflict", "Already approved by r.roe.");
          return;
        }
      answer_operation (world, message, 202, FALSE);
      return;
    }
  world->n_take_backs += g_str_equal (request->method, "DELETE");
  if (world->fail_looks > 0)
    {
      world->fail_looks--;
      hang_up (message);
      return;
    }
  world->n_looks++;
  answer_operation (world, message, 200, request->query == NULL);
}

static AcOperationRun *
run_for (FakeService *service, guint attempts)
{
  const char *const ids[] = { "a", "b", "c", NULL };
  AcPatience patience = quick_patience;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = NULL;

  patience.attempts = attempts;
  api = ac_api_new_with_patience (fake_service_get_address (service), TEST_TOKEN, NULL, &patience,
                                  &error);
  g_assert_no_error (error);
  return ac_operation_run_new (api, AC_DECISION_APPROVE, ids, "");
}

static void
count_cb (AcOperationRun *run, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_follows_to_the_end (void)
{
  World world = { .looks = 2 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 5);
  g_auto (GStrv) early = NULL;
  g_auto (GStrv) undoable = NULL;
  const FakeRequest *request;
  guint n_finished = 0;

  g_signal_connect (run, "finished", G_CALLBACK (count_cb), &n_finished);
  g_assert_cmpuint (ac_operation_run_get_total (run), ==, 3);
  g_assert_cmpuint (ac_operation_run_get_waiting (run), ==, 3);
  ac_operation_run_start (run);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_SUBMITTING);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING);
  g_assert_cmpfloat (ac_operation_run_get_fraction (run), ==, 0);
  early = ac_operation_run_get_undoable_ids (run);
  g_assert_null (early[0]);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED);
  g_assert_cmpuint (n_finished, ==, 1);
  g_assert_cmpfloat (ac_operation_run_get_fraction (run), ==, 1);
  g_assert_cmpuint (ac_operation_run_get_done (run), ==, 2);
  g_assert_cmpuint (ac_operation_run_get_failed (run), ==, 1);
  g_assert_cmpuint (ac_operation_run_get_skipped (run), ==, 0);
  g_assert_null (ac_operation_run_get_message (run));
  g_assert_cmpuint (ac_operation_get_items (ac_operation_run_get_operation (run))->len, ==, 3);
  /* Not what failed, nor what somebody has undone meanwhile. */
  undoable = ac_operation_run_get_undoable_ids (run);
  g_assert_cmpuint (g_strv_length (undoable), ==, 1);
  g_assert_cmpstr (undoable[0], ==, "a");
  /* An empty comment is none. */
  request = fake_service_get_requests (service)->pdata[0];
  g_assert_null (strstr (request->body, "comment"));
}

/* What goes on after it was taken back had begun before, and is followed to its end. */
static void
test_taken_back_once (void)
{
  World world = { .looks = G_MAXUINT };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 5);
  guint seen;

  g_assert_false (ac_operation_run_can_take_back (run));
  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING);
  g_assert_true (ac_operation_run_can_take_back (run));
  ac_operation_run_take_back (run);
  g_assert_false (ac_operation_run_can_take_back (run));
  wait_until (world.n_take_backs == 1);
  seen = world.n_looks;
  wait_until (world.n_looks > seen + 1);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_RUNNING);
  g_assert_false (ac_operation_run_can_take_back (run));
  world.looks = 0;
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED);
  g_assert_false (ac_operation_run_can_take_back (run));
  g_assert_cmpuint (world.n_take_backs, ==, 1);
}

/* The seconds in which nothing begins count from when the service may have had it, however late its
 * answer comes. */
static void
test_grace (void)
{
  World world = { .looks = G_MAXUINT, .until = "2026-01-01T00:01:00Z" };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 5);
  gint64 before, left;

  ac_operation_run_start (run);
  g_assert_cmpint (ac_operation_run_get_grace_left (run), ==, 0);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING);
  before = g_get_monotonic_time ();
  left = ac_operation_run_get_grace_left (run);
  g_assert_cmpint (left, >, 0);
  g_assert_cmpint (left, <=, world.reached + 60 * G_USEC_PER_SEC - before);
}

static void
test_conflict (void)
{
  World world = { .fail_submits = 1, .fail_status = 409 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 5);
  guint n_finished = 0;

  g_signal_connect (run, "finished", G_CALLBACK (count_cb), &n_finished);
  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FAILED);
  g_assert_cmpuint (n_finished, ==, 1);
  g_assert_error (ac_operation_run_get_error (run), AC_CLIENT_ERROR, AC_CLIENT_ERROR_CONFLICT);
  g_assert_cmpstr (ac_operation_run_get_message (run), ==, "Already approved by r.roe.");
  g_assert_cmpuint (ac_operation_run_get_problem (run)->status, ==, 409);
  g_assert_null (ac_operation_run_get_operation (run));
}

/* The service has taken it each time, and each answer was lost. */
static void
test_lost_answers (void)
{
  World world = { .fail_submits = 3, .looks = 0 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 2);

  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_UNSURE);
  g_assert_nonnull (strstr (ac_operation_run_get_message (run), "not be carried out twice"));
  ac_operation_run_retry (run);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_SUBMITTING);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED);
  g_assert_cmpuint (world.n_submits, ==, 4);
  for (guint i = 1; i < world.n_submits; i++)
    g_assert_cmpstr (world.keys[i], ==, world.keys[0]);
}

static void
test_nothing_was_sent (void)
{
  World world = { 0 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 2);

  fake_service_stop (service);
  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FAILED);
  g_assert_error (ac_operation_run_get_error (run), AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE);
}

static void
test_connection_lost_while_following (void)
{
  World world = { .looks = 1, .fail_looks = 3 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 1);

  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_message (run) != NULL);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_RUNNING);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED);
  g_assert_null (ac_operation_run_get_message (run));
}

static void
test_stop_and_take_up_again (void)
{
  World world = { .looks = 1 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 2);

  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING);
  ac_operation_run_stop (run);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_STOPPED);
  ac_operation_run_stop (run);
  ac_operation_run_retry (run);
  ac_operation_run_stop (run);
  ac_operation_run_retry (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED);
  g_assert_cmpuint (world.n_submits, ==, 1);
}

/* Stopped before it was acknowledged: what was sent stands, and its answer is still taken in. */
static void
test_stop_while_submitting (void)
{
  World world = { .looks = 1 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  g_autoptr (AcOperationRun) run = run_for (service, 2);

  ac_operation_run_start (run);
  ac_operation_run_stop (run);
  wait_until (ac_operation_run_get_operation (run) != NULL);
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_STOPPED);
  g_assert_cmpuint (world.n_submits, ==, 1);
}

static void
test_dropped (void)
{
  World world = { .looks = 100 };
  g_autoptr (FakeService) service = fake_service_new (play_world, &world);
  AcOperationRun *run = run_for (service, 2);
  gpointer weak = run;

  g_object_add_weak_pointer (G_OBJECT (run), &weak);
  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING);
  g_object_unref (run);
  wait_until (weak == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/client/operation-run/" path, function)
  ADD ("follows-to-the-end", test_follows_to_the_end);
  ADD ("taken-back-once", test_taken_back_once);
  ADD ("grace-counts-from-when-it-was-sent", test_grace);
  ADD ("conflict", test_conflict);
  ADD ("lost-answers-are-asked-for-with-the-same-key", test_lost_answers);
  ADD ("nothing-was-sent", test_nothing_was_sent);
  ADD ("connection-lost-while-following", test_connection_lost_while_following);
  ADD ("stop-and-take-up-again", test_stop_and_take_up_again);
  ADD ("stop-while-submitting", test_stop_while_submitting);
  ADD ("dropped-while-running", test_dropped);
  return g_test_run ();
}
