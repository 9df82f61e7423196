/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue over a real store and a responder that only remembers what it was asked to do. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "responders/ac-responder.h"
#include "service/ac-work-queue.h"
#include "store-fixture.h"
#include "store/ac-store-private.h"

/* A responder that stands in for a real system: it says of each task what the test wants. */
#define TEST_TYPE_RESPONDER (test_responder_get_type ())
G_DECLARE_FINAL_TYPE (TestResponder, test_responder, TEST, RESPONDER, GObject)

struct _TestResponder
{
  GObject parent_instance;

  AcActionType type;
  guint connections; /* 0: it does not care */
  GMutex lock;
  GCond changed;
  GHashTable *running;   /* set of assets */
  GHashTable *open;      /* set of assets whose batches may end; NULL: all */
  GPtrArray *order;      /* of asset, as the batches began */
  guint n_runs;          /* tasks that were run, over all batches */
  guint n_receipts_seen; /* tasks that came with a receipt */
  guint n_transient;     /* so many tasks fail for now before one is done */
  guint most_at_once;    /* batches */
  AcOutcome outcome;
  gboolean waits_for_cancel;
  const char *meanwhile; /* SQL that is run past the store before the first batch ends; nullable */
  Fixture *fixture;      /* for that */
};

static void test_responder_iface_init (AcResponderInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestResponder,
                               test_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER, test_responder_iface_init))

static void
test_responder_finalize (GObject *object)
{
  TestResponder *self = TEST_RESPONDER (object);

  g_hash_table_unref (self->running);
  g_clear_pointer (&self->open, g_hash_table_unref);
  g_ptr_array_unref (self->order);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (test_responder_parent_class)->finalize (object);
}

static void
test_responder_class_init (TestResponderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_responder_finalize;
}

static void
test_responder_init (TestResponder *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->order = g_ptr_array_new_with_free_func (g_free);
  self->outcome = AC_OUTCOME_MOVED;
  self->type = AC_ACTION_TYPE_SOFT_DELETE_EMAIL;
}

static gboolean
test_responder_handles (AcResponder *responder, AcActionType type)
{
  return type == TEST_RESPONDER (responder)->type;
}

static guint
test_responder_get_connections (AcResponder *responder)
{
  TestResponder *self = TEST_RESPONDER (responder);

  return self->connections > 0 ? self->connections : 2;
}

static void
write_receipts (GPtrArray *tasks, AcReceiptSink sink, gpointer sink_data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      AcTask *task = tasks->pdata[i];

      g_clear_pointer (&task->receipt, json_object_unref);
      task->receipt = json_object_new ();
      json_object_set_string_member (task->receipt, "begun", task->asset);
    }
  sink (tasks, sink_data, &error);
  g_assert_no_error (error);
}

static void
cancelled_cb (GCancellable *cancellable, TestResponder *self)
{
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
test_responder_run (AcResponder *responder,
                    AcActionType type,
                    AcDirection direction,
                    const char *asset,
                    GPtrArray *tasks,
                    AcReceiptSink sink,
                    gpointer sink_data,
                    GCancellable *cancellable)
{
  TestResponder *self = TEST_RESPONDER (responder);
  gulong handler;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < tasks->len; i++)
    self->n_receipts_seen += ((const AcTask *)tasks->pdata[i])->receipt != NULL;
  g_mutex_unlock (&self->lock);
  write_receipts (tasks, sink, sink_data);

  handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self);
  g_mutex_lock (&self->lock);
  /* One batch an asset at a time. */
  g_assert_true (g_hash_table_add (self->running, g_strdup (asset)));
  self->most_at_once = MAX (self->most_at_once, g_hash_table_size (self->running));
  g_ptr_array_add (self->order, g_strdup (asset));
  g_cond_broadcast (&self->changed);
  while ((self->open != NULL && !g_hash_table_contains (self->open, asset)) ||
         (self->waits_for_cancel && !g_cancellable_is_cancelled (cancellable)))
    g_cond_wait (&self->changed, &self->lock);
  if (self->meanwhile != NULL)
    poke (self->fixture, g_steal_pointer (&self->meanwhile));
  for (guint i = 0; i < tasks->len && !self->waits_for_cancel; i++)
    {
      AcTask *task = tasks->pdata[i];

      if (self->n_transient > 0)
        {
          self->n_transient--;
          ac_task_set_failed (task, TRUE, "The server is down.");
        }
      else if (self->outcome == AC_OUTCOME_FAILED)
        ac_task_set_failed (task, FALSE, "There is no such mailbox.");
      else if (self->outcome != AC_OUTCOME_UNKNOWN)
        ac_task_set_outcome (
            task, direction == AC_DIRECTION_UNDO ? AC_OUTCOME_RESTORED : self->outcome, "Seen.");
      self->n_runs++;
    }
  g_hash_table_remove (self->running, asset);
  g_mutex_unlock (&self->lock);
  g_signal_handler_disconnect (cancellable, handler);
}

static void
test_responder_iface_init (AcResponderInterface *iface)
{
  iface->handles = test_responder_handles;
  iface->get_connections = test_responder_get_connections;
  iface->run = test_responder_run;
}

/* Lets the batches of asset end; NULL: of all. */
static void
open_gate (TestResponder *self, const char *asset)
{
  g_mutex_lock (&self->lock);
  if (asset == NULL)
    g_clear_pointer (&self->open, g_hash_table_unref);
  else
    g_hash_table_add (self->open, (gpointer)asset);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
close_gate (TestResponder *self)
{
  self->open = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
wait_for_batches (TestResponder *self, guint n)
{
  g_mutex_lock (&self->lock);
  while (self->order->len < n)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

typedef struct
{
  Fixture base;
  TestResponder *responder;
  TestResponder *devices; /* one at a time */
  AcWorkQueue *queue;
  GMutex lock;
  GCond changed;
} QueueFixture;

static void
changed_cb (AcStore *store, gpointer data)
{
  QueueFixture *fixture = data;

  ac_work_queue_wake (fixture->queue);
  g_mutex_lock (&fixture->lock);
  g_cond_broadcast (&fixture->changed);
  g_mutex_unlock (&fixture->lock);
}

static void
make_queue (QueueFixture *fixture, guint workers, gint64 retry_for)
{
  g_autoptr (GPtrArray) responders = g_ptr_array_new_with_free_func (g_object_unref);

  fixture->responder = g_object_new (TEST_TYPE_RESPONDER, NULL);
  fixture->responder->connections = workers;
  fixture->devices = g_object_new (TEST_TYPE_RESPONDER, NULL);
  fixture->devices->type = AC_ACTION_TYPE_QUARANTINE_FILE;
  fixture->devices->connections = 1;
  fixture->responder->fixture = &fixture->base;
  g_ptr_array_add (responders, g_object_ref (fixture->responder));
  g_ptr_array_add (responders, g_object_ref (fixture->devices));
  fixture->queue = ac_work_queue_new (fixture->base.store, responders, workers, retry_for);
  ac_store_set_changed_func (fixture->base.store, changed_cb, fixture, NULL);
}

static void
drop_queue (QueueFixture *fixture)
{
  ac_work_queue_stop (fixture->queue);
  ac_store_set_changed_func (fixture->base.store, NULL, NULL, NULL);
  g_assert_finalize_object (fixture->queue);
  g_assert_finalize_object (fixture->responder);
  g_assert_finalize_object (fixture->devices);
}

static void
queue_set_up (QueueFixture *fixture, gconstpointer data)
{
  fixture_set_up (&fixture->base, NULL);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->changed);
  make_queue (fixture, 2, G_TIME_SPAN_MINUTE);
}

static void
queue_tear_down (QueueFixture *fixture, gconstpointer data)
{
  drop_queue (fixture);
  fixture_tear_down (&fixture->base, NULL);
  g_mutex_clear (&fixture->lock);
  g_cond_clear (&fixture->changed);
}

/* Until no action of the operation waits any more. */
static JsonObject *
wait_for_operation (QueueFixture *fixture, JsonObject *operation)
{
  const char *id = ac_json_get_string (operation, "id");
  JsonObject *now = NULL;

  g_mutex_lock (&fixture->lock);
  for (;;)
    {
      now = get_operation (fixture->base.store, id, NULL);
      if (g_str_equal (ac_json_get_string (now, "status"), "finished"))
        break;
      json_object_unref (now);
      g_cond_wait (&fixture->changed, &fixture->lock);
    }
  g_mutex_unlock (&fixture->lock);
  return now;
}

static void
test_what_is_decided_is_done_and_undone (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 30, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) undone = NULL;

  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 30);
  undo = decide (fixture->base.store, AC_DECISION_UNDO, (const char *const *)ids);
  undone = wait_for_operation (fixture, undo);
  g_assert_cmpint (count_of (undone, "done"), ==, 30);
  g_assert_cmpuint (fixture->responder->n_runs, ==, 60);
  g_assert_cmpuint (fixture->responder->n_receipts_seen, ==, 30);
  g_assert_cmpint (look (&fixture->base, "SELECT count (*) FROM receipts "
                                         "WHERE state = 'settled'"),
                   ==, 30);
  g_assert_cmpint (look (&fixture->base, "SELECT count (*) FROM work"), ==, 0);
}

/* To many mail servers both are one mailbox. */
static void
test_one_mailbox_in_two_cases_has_one_worker (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *large = propose (fixture->base.store, "large", 1, "Alice@x");
  g_autofree char *small = propose (fixture->base.store, "small", 1, "alice@x");
  g_autofree char *other = propose (fixture->base.store, "other", 1, "bob@x");
  g_auto (GStrv) ids = ids_with_status (fixture->base.store, NULL);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  close_gate (fixture->responder);
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_assert_true (ac_work_queue_start (fixture->queue));
  /* The other worker has passed by the second spelling. */
  wait_for_batches (fixture->responder, 2);
  g_assert_cmpstr (fixture->responder->order->pdata[0], !=, "alice@x");
  g_assert_cmpstr (fixture->responder->order->pdata[1], !=, "alice@x");
  open_gate (fixture->responder, NULL);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 3);
}

static void
test_a_transient_failure_is_tried_again (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  fixture->responder->n_transient = 2;
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 3);
  g_assert_cmpuint (fixture->responder->n_runs, ==, 5);
}

static void
test_a_transient_failure_ends_with_its_reason (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  JsonObject *item;

  drop_queue (fixture);
  make_queue (fixture, 1, 3 * G_TIME_SPAN_SECOND * checker_slowness ());
  fixture->responder->n_transient = G_MAXUINT;
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  item = json_array_get_object_element (ac_json_get_array (approved, "items"), 0);
  g_assert_cmpint (count_of (approved, "failed"), ==, 1);
  g_assert_cmpstr (ac_json_get_string (item, "status"), ==, "failed");
  g_assert_cmpstr (ac_json_get_string (item, "detail"), ==, "a@x: The server is down.");
  g_assert_cmpuint (fixture->responder->n_runs, >=, 2);
}

static void
test_what_will_not_pass_is_not_tried_again (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  fixture->responder->outcome = AC_OUTCOME_FAILED;
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "failed"), ==, 3);
  g_assert_cmpuint (fixture->responder->n_runs, ==, 3);
}

/* Each try comes later than the one before: the queue remembers how many there were. */
static void
test_tries_are_further_and_further_apart (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  gint64 until;

  fixture->responder->n_transient = 1;
  /* Six tries were in vain before: the next wait is of a minute, give or take a quarter. */
  approve = decide_one (fixture->base.store, AC_DECISION_APPROVE, ids[0]);
  poke (&fixture->base, "UPDATE work SET attempts = 6");
  drop_queue (fixture);
  make_queue (fixture, 1, G_TIME_SPAN_HOUR);
  fixture->responder->n_transient = 1;
  g_assert_true (ac_work_queue_start (fixture->queue));
  wait_for_batches (fixture->responder, 1);
  /* That it waits is no change of the action, and told to nobody. */
  while ((until = ac_store_next_work_time (fixture->base.store)) == AC_TIME_NONE)
    g_thread_yield ();
  g_assert_cmpint (until - ac_time_now (), >, 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (until - ac_time_now (), <, 76 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (look (&fixture->base, "SELECT attempts FROM work"), ==, 7);
  poke (&fixture->base, "UPDATE work SET not_before = 0");
  ac_work_queue_wake (fixture->queue);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 1);
}

static void
test_a_result_that_has_no_place_takes_no_other_with_it (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 3, "a@x");
  g_autofree char *next = propose (fixture->base.store, "next", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_auto (GStrv) next_ids = ids_of_investigation (fixture->base.store, next);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) other = NULL;
  g_autoptr (JsonObject) done = NULL;
  g_autofree char *warnings = NULL;

  fixture->responder->meanwhile = "DELETE FROM work WHERE action = 2";
  expect_warnings ();
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  wait_for_batches (fixture->responder, 1);
  other = decide_one (fixture->base.store, AC_DECISION_APPROVE, next_ids[0]);
  done = wait_for_operation (fixture, other);
  warnings = take_warnings ();
  g_assert_cmpint (count_of (done, "done"), ==, 1);
  g_assert_cmpint (look (&fixture->base, "SELECT count (*) FROM actions "
                                         "WHERE status = 'completed' AND seq IN (1, 3)"),
                   ==, 2);
  g_assert_nonnull (strstr (warnings, ids[1]));
  g_assert_nonnull (strstr (warnings, "is given up (“moved”: Seen.), for it cannot be written"));
}

/* One that the database never takes is given up after a while, the rest goes on; and when the
 * database takes it, it is looked at again. */
static void
test_a_result_that_cannot_be_written_holds_up_no_other (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 3, "a@x");
  g_autofree char *next = propose (fixture->base.store, "next", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_auto (GStrv) next_ids = ids_of_investigation (fixture->base.store, next);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  g_autoptr (JsonObject) other = NULL;
  g_autoptr (JsonObject) done = NULL;
  g_autofree char *warnings = NULL;

  poke (&fixture->base, "CREATE TRIGGER refuse BEFORE UPDATE ON action_assets WHEN NEW.action = 2 "
                        "BEGIN SELECT RAISE (ABORT, 'refused'); END");
  expect_warnings ();
  ac_work_queue_set_store_delay (fixture->queue, G_TIME_SPAN_MILLISECOND);
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  wait_for_batches (fixture->responder, 1);
  other = decide_one (fixture->base.store, AC_DECISION_APPROVE, next_ids[0]);
  done = wait_for_operation (fixture, other);
  g_assert_cmpint (count_of (done, "done"), ==, 1);
  poke (&fixture->base, "DROP TRIGGER refuse");
  approved = wait_for_operation (fixture, approve);
  warnings = take_warnings ();
  g_assert_cmpint (count_of (approved, "done"), ==, 3);
  g_assert_nonnull (strstr (warnings, "trying again"));
  g_assert_nonnull (strstr (warnings, ids[1]));
  g_assert_nonnull (strstr (warnings, "could not be written, and is given up"));
  /* It came with what had been written down before. */
  g_assert_cmpuint (fixture->responder->n_receipts_seen, >=, 1);
}

/* SQLite's own limit makes it say what it says when the disk has no space left. */
static void
limit_pages (QueueFixture *fixture, const char *pragma)
{
  const AcActor nobody = { "nobody", NULL };
  g_auto (AcWrite) write = { 0 };

  g_assert_true (ac_store_begin_write (fixture->base.store, &write, &nobody, NULL));
  g_assert_true (ac_sql_exec (write.sql, pragma, NULL));
}

static void
test_what_came_of_it_is_written_when_the_disk_has_room_again (QueueFixture *fixture,
                                                              gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 60, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  g_autofree char *warnings = NULL;

  close_gate (fixture->responder);
  expect_warnings ();
  ac_work_queue_set_store_delay (fixture->queue, G_TIME_SPAN_MILLISECOND);
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  wait_for_batches (fixture->responder, 1);
  limit_pages (fixture, "PRAGMA max_page_count = 1");
  open_gate (fixture->responder, NULL);
  wait_for_warning ("disk of the database is full");
  limit_pages (fixture, "PRAGMA max_page_count = 1000000");
  approved = wait_for_operation (fixture, approve);
  warnings = take_warnings ();
  g_assert_cmpint (count_of (approved, "done"), ==, 60);
}

static void
test_what_cannot_be_read_holds_up_no_other (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  g_autofree char *warnings = NULL;

  poke (&fixture->base, "UPDATE action_texts SET entity = '{' WHERE action = 1");
  expect_warnings ();
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  warnings = take_warnings ();
  g_assert_cmpint (count_of (approved, "failed"), ==, 1);
  g_assert_cmpint (count_of (approved, "done"), ==, 2);
  g_assert_cmpuint (fixture->responder->n_runs, ==, 2);
}

static void
test_what_nobody_handles_fails_in_words (QueueFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->base.store,
            "{'externalId':'u','title':'t','actions':[{'type':'blockUrl','verdict':'malicious',"
            "'assets':['proxy'],'entity':{'type':'url','url':'https://x.example/'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->base.store, ac_json_get_string (investigation, "id"));
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;
  JsonObject *item;

  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide_one (fixture->base.store, AC_DECISION_APPROVE, ids[0]);
  approved = wait_for_operation (fixture, approve);
  item = json_array_get_object_element (ac_json_get_array (approved, "items"), 0);
  g_assert_nonnull (strstr (ac_json_get_string (item, "detail"),
                            "This service has no responder for actions of the type"));
}

static void
test_an_outcome_nobody_knows_is_a_failure (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  fixture->responder->outcome = AC_OUTCOME_UNKNOWN;
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide_one (fixture->base.store, AC_DECISION_APPROVE, ids[0]);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "failed"), ==, 1);
}

static void
test_an_urgent_decision_overtakes_a_bulk (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *bulk = propose (fixture->base.store, "bulk", 1000, "a@x");
  g_autofree char *urgent = propose (fixture->base.store, "urgent", 1, "a@x");
  g_auto (GStrv) bulk_ids = ids_of_investigation (fixture->base.store, bulk);
  g_auto (GStrv) urgent_ids = ids_of_investigation (fixture->base.store, urgent);
  g_autoptr (JsonObject) bulk_operation = NULL;
  g_autoptr (JsonObject) urgent_operation = NULL;
  g_autoptr (JsonObject) urgent_done = NULL;
  g_autoptr (JsonObject) bulk_done = NULL;

  close_gate (fixture->responder);
  g_assert_true (ac_work_queue_start (fixture->queue));
  bulk_operation = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)bulk_ids);
  wait_for_batches (fixture->responder, 1);
  urgent_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, urgent_ids[0]);
  open_gate (fixture->responder, NULL);
  urgent_done = wait_for_operation (fixture, urgent_operation);
  bulk_done = wait_for_operation (fixture, bulk_operation);
  g_assert_cmpint (count_of (bulk_done, "done"), ==, 1000);
  g_assert_cmpstr (ac_json_get_string (urgent_done, "finishedAt"), <,
                   ac_json_get_string (bulk_done, "finishedAt"));
  /* The urgent one was in the second batch, alone. */
  g_assert_cmpint (look (&fixture->base,
                         "SELECT count (*) FROM audit WHERE event = 'succeed' AND seq < "
                         "(SELECT a.seq FROM audit AS a JOIN actions AS c ON c.seq = a.action "
                         "JOIN investigations AS i ON i.seq = c.investigation "
                         "WHERE a.event = 'succeed' AND i.external_id = 'urgent')"),
                   ==, 200);
}

/* Ten thousand messages in mailboxes of which each hangs: a single decision about another one
 * begins beside them, and is done before any of them is. */
static void
test_a_bulk_that_hangs_leaves_room_for_an_urgent_decision (QueueFixture *fixture,
                                                           gconstpointer data)
{
  static const char *const mailboxes[] = { "a@x", "b@x", "c@x", "d@x", "e@x" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) bulk_ids = NULL;
  g_autofree char *urgent = propose (fixture->base.store, "urgent", 1, "urgent@x");
  g_auto (GStrv) urgent_ids = ids_of_investigation (fixture->base.store, urgent);
  g_autoptr (JsonObject) bulk_operation = NULL;
  g_autoptr (JsonObject) urgent_operation = NULL;
  g_autoptr (JsonObject) urgent_done = NULL;
  g_autoptr (JsonObject) bulk_done = NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (mailboxes); i++)
    {
      g_autofree char *bulk =
          propose (fixture->base.store, mailboxes[i], scaled (2000), mailboxes[i]);
      g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, bulk);

      g_strv_builder_addv (builder, (const char **)ids);
      n += g_strv_length (ids);
    }
  bulk_ids = g_strv_builder_end (builder);
  drop_queue (fixture);
  make_queue (fixture, 4, G_TIME_SPAN_MINUTE);
  close_gate (fixture->responder);
  open_gate (fixture->responder, "urgent@x");
  g_assert_true (ac_work_queue_start (fixture->queue));
  bulk_operation = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)bulk_ids);
  wait_for_batches (fixture->responder, 3);
  urgent_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, urgent_ids[0]);
  urgent_done = wait_for_operation (fixture, urgent_operation);
  g_assert_cmpint (count_of (urgent_done, "done"), ==, 1);
  g_mutex_lock (&fixture->responder->lock);
  g_assert_cmpuint (fixture->responder->order->len, ==, 4);
  g_assert_cmpstr (fixture->responder->order->pdata[3], ==, "urgent@x");
  g_assert_cmpuint (g_hash_table_size (fixture->responder->running), ==, 3);
  g_mutex_unlock (&fixture->responder->lock);
  open_gate (fixture->responder, NULL);
  bulk_done = wait_for_operation (fixture, bulk_operation);
  g_assert_cmpint (count_of (bulk_done, "done"), ==, n);
  g_assert_cmpuint (fixture->responder->most_at_once, <=, 4);
}

/* Of two bulk operations the smaller one does not wait for the end of the larger one that came
 * before it. */
static void
test_a_smaller_bulk_overtakes_a_larger_one (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *large = propose (fixture->base.store, "large", 1010, "a@x");
  g_autofree char *small = propose (fixture->base.store, "small", 100, "a@x");
  g_auto (GStrv) large_ids = ids_of_investigation (fixture->base.store, large);
  g_auto (GStrv) small_ids = ids_of_investigation (fixture->base.store, small);
  g_autoptr (JsonObject) large_operation = NULL;
  g_autoptr (JsonObject) small_operation = NULL;
  g_autoptr (JsonObject) small_done = NULL;
  g_autoptr (JsonObject) large_done = NULL;

  close_gate (fixture->responder);
  g_assert_true (ac_work_queue_start (fixture->queue));
  large_operation =
      decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)large_ids);
  wait_for_batches (fixture->responder, 1);
  small_operation =
      decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)small_ids);
  open_gate (fixture->responder, NULL);
  small_done = wait_for_operation (fixture, small_operation);
  large_done = wait_for_operation (fixture, large_operation);
  g_assert_cmpint (count_of (small_done, "done"), ==, 100);
  g_assert_cmpint (count_of (large_done, "done"), ==, 1010);
  g_assert_cmpint (
      look (&fixture->base,
            "SELECT count (*) FROM audit WHERE event = 'succeed' AND seq < "
            "(SELECT min (a.seq) FROM audit AS a JOIN actions AS c ON c.seq = a.action "
            "JOIN investigations AS i ON i.seq = c.investigation "
            "WHERE a.event = 'succeed' AND i.external_id = 'small')"),
      ==, 200);
}

/* One action in many mailboxes is bulk work as well. */
static void
test_one_action_on_many_assets_is_bulk_work (QueueFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (
      "{'externalId':'m','title':'t','actions':[{'type':'softDeleteEmail','verdict':'malicious',"
      "'entity':{'type':'emailMessage','messageId':'<m@x>'},'assets':[");
  g_autoptr (JsonObject) many = NULL;
  g_auto (GStrv) many_ids = NULL;
  g_autofree char *single = propose (fixture->base.store, "single", 1, "zz@x");
  g_auto (GStrv) single_ids = ids_of_investigation (fixture->base.store, single);
  g_autoptr (JsonObject) many_operation = NULL;
  g_autoptr (JsonObject) single_operation = NULL;
  g_autoptr (JsonObject) many_done = NULL;

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (text, "%s'm%02u@x'", i > 0 ? "," : "", i);
  g_string_append (text, "]}]}");
  many = post (fixture->base.store, text->str, NULL);
  many_ids = ids_of_investigation (fixture->base.store, ac_json_get_string (many, "id"));
  drop_queue (fixture);
  make_queue (fixture, 1, G_TIME_SPAN_MINUTE);
  close_gate (fixture->responder);
  g_assert_true (ac_work_queue_start (fixture->queue));
  many_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, many_ids[0]);
  wait_for_batches (fixture->responder, 1);
  single_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, single_ids[0]);
  open_gate (fixture->responder, NULL);
  many_done = wait_for_operation (fixture, many_operation);
  g_assert_cmpint (count_of (many_done, "done"), ==, 1);
  g_assert_cmpuint (fixture->responder->order->len, ==, 51);
  g_assert_cmpstr (fixture->responder->order->pdata[1], ==, "zz@x");
}

/* A small operation overtakes a large one, and a stream of them does not hold it up for ever. */
static void
test_a_stream_of_small_ones_starves_no_large_one (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *first = propose (fixture->base.store, "first", 1, "first@x");
  g_autofree char *large = propose (fixture->base.store, "large", 30, "large@x");
  g_auto (GStrv) first_ids = ids_of_investigation (fixture->base.store, first);
  g_auto (GStrv) large_ids = ids_of_investigation (fixture->base.store, large);
  g_autoptr (GPtrArray) small = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autoptr (JsonObject) first_operation = NULL;
  g_autoptr (JsonObject) large_operation = NULL;
  guint at = 0;

  drop_queue (fixture);
  make_queue (fixture, 1, G_TIME_SPAN_MINUTE);
  fixture->responder->connections = 1;
  close_gate (fixture->responder);
  g_assert_true (ac_work_queue_start (fixture->queue));
  first_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, first_ids[0]);
  wait_for_batches (fixture->responder, 1);
  large_operation =
      decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)large_ids);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *asset = g_strdup_printf ("small-%02u@x", i);
      g_autofree char *investigation = propose (fixture->base.store, asset, 1, asset);
      g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);

      g_ptr_array_add (small, decide_one (fixture->base.store, AC_DECISION_APPROVE, ids[0]));
    }
  open_gate (fixture->responder, NULL);
  for (guint i = 0; i < small->len; i++)
    {
      g_autoptr (JsonObject) done = wait_for_operation (fixture, small->pdata[i]);

      g_assert_cmpint (count_of (done, "done"), ==, 1);
    }
  g_assert_cmpuint (fixture->responder->order->len, ==, 42);
  while (!g_str_equal (fixture->responder->order->pdata[at], "large@x"))
    at++;
  /* Overtaken by some, and by far not by all. */
  g_assert_cmpuint (at, >, 1);
  g_assert_cmpuint (at, <, 12);
}

/* What is decided about one asset is begun in the order of the decisions. */
static void
test_an_asset_is_worked_on_in_order (QueueFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) operations =
      g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  gint64 last = 0;

  g_assert_true (ac_work_queue_start (fixture->queue));
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("i%u", i);
      g_autofree char *investigation = propose (fixture->base.store, name, 1, "a@x");
      g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);

      g_ptr_array_add (operations, decide_one (fixture->base.store, AC_DECISION_APPROVE, ids[0]));
    }
  for (guint i = 0; i < operations->len; i++)
    {
      g_autoptr (JsonObject) done = wait_for_operation (fixture, operations->pdata[i]);
      g_autofree char *sql =
          g_strdup_printf ("SELECT seq FROM audit WHERE event = 'start' AND action = %u", i + 1);
      gint64 seq = look (&fixture->base, sql);

      g_assert_cmpint (seq, >, last);
      last = seq;
    }
  g_assert_cmpuint (fixture->responder->most_at_once, ==, 1);
}

/* Who follows the changes sees the operation grow batch by batch, and not only its end. */
static void
test_progress_is_told_while_it_runs (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 600, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 600);
  /* The decision, and after each of three batches. */
  g_assert_cmpint (look (&fixture->base, "SELECT count (*) FROM changes WHERE kind = 'operation'"),
                   ==, 4);
}

static void
test_a_slow_asset_holds_up_no_other (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *slow = propose (fixture->base.store, "slow", 300, "slow@x");
  g_autofree char *quick = propose (fixture->base.store, "quick", 300, "quick@x");
  g_auto (GStrv) slow_ids = ids_of_investigation (fixture->base.store, slow);
  g_auto (GStrv) quick_ids = ids_of_investigation (fixture->base.store, quick);
  g_autoptr (JsonObject) slow_operation = NULL;
  g_autoptr (JsonObject) quick_operation = NULL;
  g_autoptr (JsonObject) quick_done = NULL;
  g_autoptr (JsonObject) slow_done = NULL;

  close_gate (fixture->responder);
  open_gate (fixture->responder, "quick@x");
  g_assert_true (ac_work_queue_start (fixture->queue));
  slow_operation = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)slow_ids);
  quick_operation =
      decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)quick_ids);
  quick_done = wait_for_operation (fixture, quick_operation);
  g_assert_cmpint (count_of (quick_done, "done"), ==, 300);
  open_gate (fixture->responder, NULL);
  slow_done = wait_for_operation (fixture, slow_operation);
  g_assert_cmpint (count_of (slow_done, "done"), ==, 300);
  g_assert_cmpuint (fixture->responder->most_at_once, ==, 2);
}

static void
test_devices_that_hang_hold_up_no_mail (QueueFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) files =
      post (fixture->base.store,
            "{'externalId':'f','title':'t','actions':["
            "{'type':'quarantineFile','verdict':'malicious','assets':['d1','d2','d3'],"
            "'entity':{'type':'file','path':'/x','sha256':'00'}}]}",
            NULL);
  g_auto (GStrv) file_ids =
      ids_of_investigation (fixture->base.store, ac_json_get_string (files, "id"));
  g_autofree char *mail = propose (fixture->base.store, "mail", 1, "a@x");
  g_auto (GStrv) mail_ids = ids_of_investigation (fixture->base.store, mail);
  g_autoptr (JsonObject) file_operation = NULL;
  g_autoptr (JsonObject) mail_operation = NULL;
  g_autoptr (JsonObject) mail_done = NULL;
  g_autoptr (JsonObject) file_done = NULL;

  close_gate (fixture->devices);
  g_assert_true (ac_work_queue_start (fixture->queue));
  file_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, file_ids[0]);
  wait_for_batches (fixture->devices, 1);
  mail_operation = decide_one (fixture->base.store, AC_DECISION_APPROVE, mail_ids[0]);
  mail_done = wait_for_operation (fixture, mail_operation);
  g_assert_cmpint (count_of (mail_done, "done"), ==, 1);
  open_gate (fixture->devices, NULL);
  file_done = wait_for_operation (fixture, file_operation);
  g_assert_cmpint (count_of (file_done, "done"), ==, 1);
  g_assert_cmpuint (fixture->devices->n_runs, ==, 3);
  g_assert_cmpuint (fixture->devices->most_at_once, ==, 1);
}

static void
test_a_stop_leaves_the_work_for_the_next_start (QueueFixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->base.store, "x", 5, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->base.store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (JsonObject) approved = NULL;

  fixture->responder->waits_for_cancel = TRUE;
  g_assert_true (ac_work_queue_start (fixture->queue));
  approve = decide (fixture->base.store, AC_DECISION_APPROVE, (const char *const *)ids);
  wait_for_batches (fixture->responder, 1);
  drop_queue (fixture);
  g_assert_cmpint (look (&fixture->base, "SELECT count (*) FROM work WHERE state = 'ready'"), ==,
                   5);

  make_queue (fixture, 2, G_TIME_SPAN_MINUTE);
  g_assert_true (ac_work_queue_start (fixture->queue));
  approved = wait_for_operation (fixture, approve);
  g_assert_cmpint (count_of (approved, "done"), ==, 5);
  /* They came with what had been written down before. */
  g_assert_cmpuint (fixture->responder->n_receipts_seen, ==, 5);
}

static void
test_nobody_decided_in_time (QueueFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->base.store,
            "{'externalId':'u','title':'t','actions':[{'type':'blockUrl','verdict':'malicious',"
            "'expiresAt':'2001-01-01T00:00:00Z',"
            "'assets':['proxy'],'entity':{'type':'url','url':'https://x.example/'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->base.store, ac_json_get_string (investigation, "id"));

  g_assert_true (ac_work_queue_start (fixture->queue));
  g_mutex_lock (&fixture->lock);
  for (;;)
    {
      g_autofree char *status = status_of (fixture->base.store, ids[0]);

      if (g_str_equal (status, "expired"))
        break;
      g_cond_wait (&fixture->changed, &fixture->lock);
    }
  g_mutex_unlock (&fixture->lock);
}

#define queue_test(name, function)                                                                 \
  g_test_add ("/service/work-queue/" name, QueueFixture, NULL, queue_set_up, function,             \
              queue_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  queue_test ("what-is-decided-is-done-and-undone", test_what_is_decided_is_done_and_undone);
  queue_test ("one-mailbox-in-two-cases-has-one-worker",
              test_one_mailbox_in_two_cases_has_one_worker);
  queue_test ("a-transient-failure-is-tried-again", test_a_transient_failure_is_tried_again);
  queue_test ("a-transient-failure-ends-with-its-reason",
              test_a_transient_failure_ends_with_its_reason);
  queue_test ("what-will-not-pass-is-not-tried-again", test_what_will_not_pass_is_not_tried_again);
  queue_test ("tries-are-further-and-further-apart", test_tries_are_further_and_further_apart);
  queue_test ("a-result-that-has-no-place-takes-no-other-with-it",
              test_a_result_that_has_no_place_takes_no_other_with_it);
  queue_test ("a-result-that-cannot-be-written-holds-up-no-other",
              test_a_result_that_cannot_be_written_holds_up_no_other);
  queue_test ("what-cannot-be-read-holds-up-no-other", test_what_cannot_be_read_holds_up_no_other);
  queue_test ("what-nobody-handles-fails-in-words", test_what_nobody_handles_fails_in_words);
  queue_test ("an-outcome-nobody-knows-is-a-failure", test_an_outcome_nobody_knows_is_a_failure);
  queue_test ("what-came-of-it-is-written-when-the-disk-has-room-again",
              test_what_came_of_it_is_written_when_the_disk_has_room_again);
  queue_test ("an-urgent-decision-overtakes-a-bulk", test_an_urgent_decision_overtakes_a_bulk);
  queue_test ("a-bulk-that-hangs-leaves-room-for-an-urgent-decision",
              test_a_bulk_that_hangs_leaves_room_for_an_urgent_decision);
  queue_test ("a-smaller-bulk-overtakes-a-larger-one", test_a_smaller_bulk_overtakes_a_larger_one);
  queue_test ("a-stream-of-small-ones-starves-no-large-one",
              test_a_stream_of_small_ones_starves_no_large_one);
  queue_test ("one-action-on-many-assets-is-bulk-work",
              test_one_action_on_many_assets_is_bulk_work);
  queue_test ("an-asset-is-worked-on-in-order", test_an_asset_is_worked_on_in_order);
  queue_test ("progress-is-told-while-it-runs", test_progress_is_told_while_it_runs);
  queue_test ("a-slow-asset-holds-up-no-other", test_a_slow_asset_holds_up_no_other);
  queue_test ("devices-that-hang-hold-up-no-mail", test_devices_that_hang_hold_up_no_mail);
  queue_test ("a-stop-leaves-the-work-for-the-next-start",
              test_a_stop_leaves_the_work_for_the_next_start);
  queue_test ("nobody-decided-in-time", test_nobody_decided_in_time);
  return g_test_run ();
}
