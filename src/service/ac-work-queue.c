/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"
#include "responders/ac-responder.h"
#include "service/ac-allow-note.h"
#include "service/ac-clock-watch.h"
#include "service/ac-work-queue.h"
#include "service/ac-work-sight.h"
#include "service/ac-work-tasks.h"

/* A responder does many of one asset in one go; an urgent decision waits for one batch at most. */
#define BATCH 200

#define EXPIRE_INTERVAL (30 * G_TIME_SPAN_SECOND)

/* How often a look that nobody waits for is tried again; there will be a next one. */
#define LOOK_ATTEMPTS 3

/* A transient failure is tried again after 1 s, 2 s, 4 s and so on. */
#define FIRST_DELAY G_TIME_SPAN_SECOND
#define LONGEST_DELAY (60 * G_TIME_SPAN_SECOND)

/* How long to wait when the store itself fails; see ac_work_queue_set_store_delay(). */
#define STORE_DELAY (2 * G_TIME_SPAN_SECOND)

/* How often a worker tries to write what came of a batch: after each failure it waits twice as
 * long, which makes one minute. Then the next batch has its turn. */
#define MOST_WRITES 6

/* Of STORE_DELAY: how long what was given up then waits before it is put back into the queue, and
 * before it is looked at again. */
#define STRANDED_DELAYS 8
#define AGAIN_DELAYS 300

/* A responder with so many connections or more keeps one of them free of bulk work. */
#define RESERVE_FROM 4

/* Small operations overtake large ones; after so many turns the work that has waited longest has
 * one, so that a stream of small ones keeps nothing waiting for ever. */
#define TURNS_BY_SIZE 8

struct _AcWorkQueue
{
  GObject parent_instance;

  AcStore *store;
  GPtrArray *responders; /* of AcResponder */
  guint n_workers;       /* for each responder that says nothing else */
  gint64 retry_for;   /* microseconds after the decision, where the responder says nothing else */
  gint64 store_delay; /* microseconds; set before the start */
  AcClockWatch clock; /* of the thread that lets actions expire */

  GCancellable *cancellable;
  GPtrArray *threads; /* of GThread; joined by stop */

  GMutex take_lock;    /* guards those below, and makes taking work and marking it one step */
  GHashTable *busy;    /* set of assets that are being worked on, in small letters */
  guint *n_running;    /* for each responder: on how many assets */
  guint *n_bulk;       /* of them: with work of large operations */
  guint n_by_size;     /* turns since the last one of what had waited longest */
  GPtrArray *stranded; /* of AcWorkItem: id and asset of what was given up, and is taken still */
  gint64 stranded_at;  /* monotonic time at which to put them back; G_MAXINT64: there are none */
  guint64 idle_seen;   /* there was nothing to take after so many wakes, while idle */
  gint64 idle_until;   /* monotonic time at which there may be all the same, while idle */
  gboolean idle;

  GMutex wake_lock; /* guards the two below */
  GCond woken;
  guint64 n_wakes;
  gboolean stopping;
};

G_DEFINE_FINAL_TYPE (AcWorkQueue, ac_work_queue, G_TYPE_OBJECT)

static void
ac_work_queue_finalize (GObject *object)
{
  AcWorkQueue *self = AC_WORK_QUEUE (object);

  g_assert (self->threads->len == 0);
  g_clear_pointer (&self->threads, g_ptr_array_unref);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->n_running, g_free);
  g_clear_pointer (&self->n_bulk, g_free);
  g_clear_pointer (&self->stranded, g_ptr_array_unref);
  g_clear_pointer (&self->responders, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_mutex_clear (&self->take_lock);
  g_mutex_clear (&self->wake_lock);
  g_cond_clear (&self->woken);
  G_OBJECT_CLASS (ac_work_queue_parent_class)->finalize (object);
}

static void
ac_work_queue_class_init (AcWorkQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_work_queue_finalize;
}

static void
ac_work_queue_init (AcWorkQueue *self)
{
  self->cancellable = g_cancellable_new ();
  self->threads = g_ptr_array_new ();
  self->store_delay = STORE_DELAY;
  ac_clock_watch_init (&self->clock, AC_TIME_NONE);
  self->stranded = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
  self->stranded_at = G_MAXINT64;
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->take_lock);
  g_mutex_init (&self->wake_lock);
  g_cond_init (&self->woken);
}

/**
 * ac_work_queue_new:
 * @responders: (element-type AcResponder): who carries out what
 * @workers: on how many assets a responder that says nothing else may run at once
 * @retry_for: microseconds after the decision for which a transient failure is tried again
 *
 * Returns: (transfer full): a queue that does not run yet.
 */
AcWorkQueue *
ac_work_queue_new (AcStore *store, GPtrArray *responders, guint workers, gint64 retry_for)
{
  AcWorkQueue *self;

  g_return_val_if_fail (AC_IS_STORE (store), NULL);
  g_return_val_if_fail (responders != NULL, NULL);

  self = g_object_new (AC_TYPE_WORK_QUEUE, NULL);
  self->store = g_object_ref (store);
  self->responders = g_ptr_array_ref (responders);
  self->n_running = g_new0 (guint, MAX (responders->len, 1));
  self->n_bulk = g_new0 (guint, MAX (responders->len, 1));
  self->n_workers = MAX (workers, 1);
  self->retry_for = retry_for;
  return self;
}

/**
 * ac_work_queue_set_store_delay:
 * @delay: microseconds; 2 s when not set
 *
 * How long to wait when the store fails, before it is tried again for the first time. To be set
 * before the start.
 */
void
ac_work_queue_set_store_delay (AcWorkQueue *self, gint64 delay)
{
  g_return_if_fail (AC_IS_WORK_QUEUE (self));
  g_return_if_fail (delay > 0);
  g_return_if_fail (self->threads->len == 0);

  self->store_delay = delay;
}

/**
 * ac_work_queue_set_last_written:
 * @last_written: ac_store_get_last_written() of before anything was written in this start
 *
 * By what clock nothing expires yet; see ac_clock_watch_init(). To be set before the start.
 */
void
ac_work_queue_set_last_written (AcWorkQueue *self, gint64 last_written)
{
  g_return_if_fail (AC_IS_WORK_QUEUE (self));
  g_return_if_fail (self->threads->len == 0);

  ac_clock_watch_init (&self->clock, last_written);
}

/* --- waiting --- */

static guint64
get_wakes (AcWorkQueue *self)
{
  guint64 n_wakes;

  g_mutex_lock (&self->wake_lock);
  n_wakes = self->n_wakes;
  g_mutex_unlock (&self->wake_lock);
  return n_wakes;
}

static gboolean
is_stopping (AcWorkQueue *self)
{
  gboolean stopping;

  g_mutex_lock (&self->wake_lock);
  stopping = self->stopping;
  g_mutex_unlock (&self->wake_lock);
  return stopping;
}

/* Sleeps until somebody has woken the queue since it was at seen, until the monotonic time, or
 * until it stops. seen G_MAXUINT64: nobody wakes it but the time. */
static void
wait_for_wake (AcWorkQueue *self, guint64 seen, gint64 until)
{
  g_mutex_lock (&self->wake_lock);
  while (!self->stopping && (seen == G_MAXUINT64 || self->n_wakes == seen))
    {
      if (until == G_MAXINT64)
        g_cond_wait (&self->woken, &self->wake_lock);
      else if (!g_cond_wait_until (&self->woken, &self->wake_lock, until))
        break;
    }
  g_mutex_unlock (&self->wake_lock);
}

/* The store speaks of time of day, the condition of monotonic time. To be called with take_lock
 * held. */
static gint64
next_work_time (AcWorkQueue *self)
{
  gint64 next = ac_store_next_work_time (self->store);

  if (next == AC_TIME_NONE)
    return self->stranded_at;
  return MIN (g_get_monotonic_time () + MAX (next - ac_time_now (), 0), self->stranded_at);
}

/* --- one batch --- */

static AcResponder *
find_responder (AcWorkQueue *self, AcActionType type)
{
  for (guint i = 0; i < self->responders->len; i++)
    if (ac_responder_handles (self->responders->pdata[i], type))
      return self->responders->pdata[i];
  return NULL;
}

static void
run_tasks (AcWorkQueue *self, const AcWorkItem *first, GPtrArray *tasks)
{
  AcActionType type = ac_action_type_parse (first->type);
  AcResponder *responder = find_responder (self, type);

  if (responder != NULL)
    {
      ac_responder_run (responder, type, first->undo ? AC_DIRECTION_UNDO : AC_DIRECTION_APPLY,
                        first->asset, tasks, ac_work_write_receipts_cb, self->store,
                        self->cancellable);
      ac_allow_note_add (self->store, type, first->undo ? AC_DIRECTION_UNDO : AC_DIRECTION_APPLY,
                         tasks);
      return;
    }
  for (guint i = 0; i < tasks->len; i++)
    ac_task_set_failed (
        tasks->pdata[i], FALSE,
        "This service has no responder for actions of the type “%s”. Ask its administrator to "
        "configure one, then try again.",
        ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, first->type));
}

/* When to try again; AC_TIME_NONE: not any more. */
static gint64
retry_time (AcWorkQueue *self, const AcWorkItem *item)
{
  AcResponder *responder = find_responder (self, ac_action_type_parse (item->type));
  gint64 retry_for = responder != NULL ? ac_responder_get_retry_time (responder, self->retry_for)
                                       : self->retry_for;
  gint64 now = ac_time_now ();
  gint64 deadline = item->decided_at + retry_for;
  gint64 delay = LONGEST_DELAY;

  if (item->stopped || now >= deadline)
    return AC_TIME_NONE;
  if (item->attempts < 16)
    delay = MIN (FIRST_DELAY << item->attempts, LONGEST_DELAY);
  /* The jitter keeps a thousand mailboxes from all coming back in the same second. */
  delay = (gint64)((double)delay * g_random_double_range (0.75, 1.25));
  return MIN (now + delay, deadline);
}

typedef struct
{
  GPtrArray *finished;  /* of AcWorkItem, owned elsewhere */
  GPtrArray *results;   /* of AcActionResult, for each finished item */
  GPtrArray *later;     /* items to be tried again */
  GPtrArray *untouched; /* items that the end of the service cut off */
  gint64 not_before;    /* of later */
} Verdicts;

static void
verdicts_clear (Verdicts *verdicts)
{
  g_clear_pointer (&verdicts->finished, g_ptr_array_unref);
  g_clear_pointer (&verdicts->results, g_ptr_array_unref);
  g_clear_pointer (&verdicts->later, g_ptr_array_unref);
  g_clear_pointer (&verdicts->untouched, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verdicts, verdicts_clear)

static void
add_detail (AcTask *task, const char *sentence)
{
  g_autofree char *before = g_steal_pointer (&task->detail);

  task->detail = g_strdup_printf ("%s %s", before, sentence);
}

static void
judge_task (AcWorkQueue *self, AcWorkItem *item, AcTask *task, Verdicts *verdicts)
{
  gboolean failed = task->outcome == AC_OUTCOME_FAILED;
  gboolean unknown = task->outcome == AC_OUTCOME_UNKNOWN;

  if ((unknown || (failed && task->transient)) && is_stopping (self))
    {
      g_ptr_array_add (verdicts->untouched, item);
      return;
    }
  if (failed && task->transient)
    {
      gint64 again = retry_time (self, item);

      if (again != AC_TIME_NONE)
        {
          verdicts->not_before = MAX (verdicts->not_before, again);
          g_ptr_array_add (verdicts->later, item);
          return;
        }
    }
  if (unknown)
    ac_task_set_failed (task, FALSE,
                        "The service could not find out what came of this. Look at %s, then try "
                        "again.",
                        item->asset);
  item->did_part = task->did_part;
  item->did_nothing = task->did_nothing;
  if (failed && task->transient && task->did_part && !item->undo)
    add_detail (task, "A part of it may have been done; undo looks for that and brings it back.");
  g_ptr_array_add (verdicts->finished, item);
  g_ptr_array_add (verdicts->results,
                   ac_action_result_new (item->asset, ac_outcome_wire (task->outcome), task->detail,
                                         ac_time_now ()));
}

/* --- writing down what came of it --- */

/* Whether writing the same again may succeed: the disk may be full for a while, but work that is
 * not there does not come back. */
static gboolean
may_pass (const GError *error)
{
  return !g_error_matches (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND) &&
         !g_error_matches (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
}

static gboolean
write_result (AcWorkQueue *self, AcWorkItem *item, AcActionResult *result, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GPtrArray) results = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  g_ptr_array_add (results, result);
  return ac_store_finish_work (self->store, items, results, error);
}

/* Writes what can be written, all in one transaction or else one by one, so that one that cannot
 * takes no other with it. Leaves in verdicts what may be written later; TRUE: nothing. */
static gboolean
write_finished (AcWorkQueue *self, Verdicts *verdicts, GError **error)
{
  if (verdicts->finished->len == 0)
    return TRUE;
  if (ac_store_finish_work (self->store, verdicts->finished, verdicts->results, NULL))
    {
      g_ptr_array_set_size (verdicts->finished, 0);
      return TRUE;
    }
  for (guint i = verdicts->finished->len; i > 0; i--)
    {
      AcWorkItem *item = verdicts->finished->pdata[i - 1];
      AcActionResult *result = verdicts->results->pdata[i - 1];
      g_autoptr (GError) problem = NULL;

      if (!write_result (self, item, result, &problem) && may_pass (problem))
        {
          g_clear_error (error);
          g_propagate_error (error, g_steal_pointer (&problem));
          continue;
        }
      if (problem != NULL)
        g_warning ("What came of the action %s on %s is given up (“%s”: %s), for it cannot be "
                   "written: %s",
                   item->action_id, item->asset, ac_action_result_get_outcome (result),
                   ac_action_result_get_detail (result), problem->message);
      g_ptr_array_remove_index (verdicts->finished, i - 1);
      g_ptr_array_remove_index (verdicts->results, i - 1);
    }
  return verdicts->finished->len == 0;
}

static gboolean
write_later (AcWorkQueue *self, Verdicts *verdicts, GError **error)
{
  if (verdicts->later->len == 0)
    return TRUE;
  if (!ac_store_return_work (self->store, verdicts->later, verdicts->not_before, error))
    return FALSE;
  g_ptr_array_set_size (verdicts->later, 0);
  /* It is no change of an action, and yet those who sleep must know until when. */
  ac_work_queue_wake (self);
  return TRUE;
}

/* Keeps in mind what is taken still, to be put back when the database can be written again. */
static void
strand (AcWorkQueue *self, GPtrArray *items, const GError *problem)
{
  g_mutex_lock (&self->take_lock);
  for (guint i = 0; i < items->len; i++)
    {
      const AcWorkItem *item = items->pdata[i];
      AcWorkItem *copy = g_new0 (AcWorkItem, 1);

      g_warning ("What came of the action %s on %s could not be written, and is given up: it is "
                 "looked at again when the database can be written. %s",
                 item->action_id, item->asset, problem->message);
      copy->action_id = g_strdup (item->action_id);
      copy->asset = g_strdup (item->asset);
      g_ptr_array_add (self->stranded, copy);
    }
  if (self->stranded->len > 0)
    self->stranded_at = g_get_monotonic_time () + STRANDED_DELAYS * self->store_delay;
  self->idle = FALSE;
  g_mutex_unlock (&self->take_lock);
}

/* Puts what was given up back into the queue. Its receipts are on disk: whoever takes it looks at
 * the real system first. */
static void
return_stranded (AcWorkQueue *self)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 again = ac_time_now () + AGAIN_DELAYS * self->store_delay;

  g_mutex_lock (&self->take_lock);
  if (self->stranded_at <= g_get_monotonic_time ())
    {
      items = g_steal_pointer (&self->stranded);
      self->stranded = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_work_item_free);
      self->stranded_at = G_MAXINT64;
    }
  g_mutex_unlock (&self->take_lock);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, items->pdata[i]);
      g_clear_error (&error);
      if (!ac_store_return_work (self->store, one, again, &error))
        g_ptr_array_add (left, items->pdata[i]);
    }
  if (left->len > 0)
    strand (self, left, error);
  if (items != NULL)
    ac_work_queue_wake (self);
}

/* What was seen on the real system must not get lost because the disk is full for a while; nor may
 * what can never be written hold up all the rest. When the service ends meanwhile, the next one
 * finds the receipts and looks at the real system again. */
static void
insist (AcWorkQueue *self, Verdicts *verdicts)
{
  g_autoptr (GError) error = NULL;
  gint64 delay = self->store_delay;

  for (guint i = 1;; i++, delay *= 2)
    {
      g_clear_error (&error);
      if (write_finished (self, verdicts, &error) && write_later (self, verdicts, &error))
        break;
      if (is_stopping (self))
        return;
      if (i == MOST_WRITES)
        {
          strand (self, verdicts->finished, error);
          strand (self, verdicts->later, error);
          break;
        }
      g_warning ("What came of %u actions could not be written, trying again: %s",
                 verdicts->finished->len + verdicts->later->len, error->message);
      wait_for_wake (self, G_MAXUINT64, g_get_monotonic_time () + delay);
    }
  /* If this fails, ac_store_recover_work() does it at the next start. */
  g_clear_error (&error);
  if (verdicts->untouched->len > 0 &&
      !ac_store_return_work (self->store, verdicts->untouched, AC_TIME_NONE, &error))
    g_warning ("%u actions could not be put back into the queue: %s", verdicts->untouched->len,
               error->message);
}

/* --- a look --- */

/* When to look again; AC_TIME_NONE: that it could not be done is the result. */
static gint64
next_look_time (AcWorkQueue *self, const AcWorkItem *item, const AcWorkSight *sight)
{
  if (sight->problem == NULL || !sight->is_transient ||
      (!item->decided && item->attempts + 1 >= LOOK_ATTEMPTS))
    return AC_TIME_NONE;
  return retry_time (self, item);
}

static void
run_look (AcWorkQueue *self, GPtrArray *items)
{
  AcWorkItem *item = items->pdata[0];
  g_auto (AcWorkSight) sight = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 again;

  ac_work_sight_look (&sight, find_responder (self, ac_action_type_parse (item->type)), item,
                      self->cancellable);
  if (sight.problem != NULL && is_stopping (self))
    {
      /* If this fails, ac_store_recover_work() does it at the next start. */
      if (!ac_store_return_work (self->store, items, AC_TIME_NONE, &error))
        g_warning ("A look could not be put back into the queue: %s", error->message);
      return;
    }
  again = next_look_time (self, item, &sight);
  while (again != AC_TIME_NONE ? !ac_store_return_work (self->store, items, again, &error)
                               : !ac_work_sight_write (&sight, self->store, item, &error))
    {
      /* The action has left the service meanwhile. */
      if (g_error_matches (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND))
        return;
      g_warning ("What a look has found could not be written, trying again: %s", error->message);
      g_clear_error (&error);
      if (is_stopping (self))
        return;
      wait_for_wake (self, G_MAXUINT64, g_get_monotonic_time () + STORE_DELAY);
    }
}

/* --- one batch, again --- */

static void
run_batch (AcWorkQueue *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) tasks = ac_work_make_tasks (items);
  g_auto (Verdicts) verdicts = { .finished = g_ptr_array_new (),
                                 .results = g_ptr_array_new_with_free_func (g_object_unref),
                                 .later = g_ptr_array_new (),
                                 .untouched = g_ptr_array_new (),
                                 .not_before = 0 };

  run_tasks (self, items->pdata[0], tasks);
  for (guint i = 0; i < items->len; i++)
    judge_task (self, items->pdata[i], tasks->pdata[i], &verdicts);
  insist (self, &verdicts);
}

/* --- threads --- */

static guint
get_most (AcWorkQueue *self, AcResponder *responder)
{
  return ac_responder_get_connections (responder, self->n_workers);
}

static void
add_types (AcResponder *responder, GPtrArray *types)
{
  for (guint type = 1; type < ac_vocabulary_size (AC_VOCABULARY_ACTION_TYPE); type++)
    if (ac_responder_handles (responder, (AcActionType)type))
      g_ptr_array_add (types, (char *)ac_action_type_wire (type));
}

/* busy: the types whose responder has enough to do, for a hundred devices that do not answer must
 * not keep mail waiting. urgent: the types whose responder takes small operations only, for a large
 * one whose devices do not answer must not keep a single decision waiting. To be called with
 * take_lock held. */
static void
list_types (AcWorkQueue *self, GPtrArray *busy, GPtrArray *urgent)
{
  for (guint i = 0; i < self->responders->len; i++)
    {
      AcResponder *responder = self->responders->pdata[i];
      guint most = get_most (self, responder);

      if (self->n_running[i] >= most)
        add_types (responder, busy);
      else if (most >= RESERVE_FROM && self->n_bulk[i] >= most - 1)
        add_types (responder, urgent);
    }
  g_ptr_array_add (busy, NULL);
  g_ptr_array_add (urgent, NULL);
}

/* To be called with take_lock held. */
static void
count_running (AcWorkQueue *self, const AcWorkItem *item, int n)
{
  AcResponder *responder = find_responder (self, ac_action_type_parse (item->type));

  for (guint i = 0; i < self->responders->len; i++)
    if (self->responders->pdata[i] == responder)
      {
        self->n_running[i] += (guint)n;
        self->n_bulk[i] += item->bulk ? (guint)n : 0;
      }
}

/* @seen: how often the queue had been woken before. Where there is nothing to take, *until is the
 * monotonic time at which to look again unless it is woken. */
static GPtrArray *
take_batch (AcWorkQueue *self, guint64 seen, gint64 *until, GError **error)
{
  g_autofree const char **busy = NULL;
  g_autoptr (GPtrArray) busy_types = g_ptr_array_new ();
  g_autoptr (GPtrArray) urgent_types = g_ptr_array_new ();
  GPtrArray *items;

  g_mutex_lock (&self->take_lock);
  *until = self->idle_until;
  /* Each commit wakes all workers: what one has looked through in vain the others need not. */
  if (self->idle && seen <= self->idle_seen && g_get_monotonic_time () < self->idle_until)
    {
      g_mutex_unlock (&self->take_lock);
      return g_ptr_array_new ();
    }
  busy = (const char **)g_hash_table_get_keys_as_array (self->busy, NULL);
  list_types (self, busy_types, urgent_types);
  items = ac_store_take_work_but (self->store, busy, (const char *const *)busy_types->pdata,
                                  (const char *const *)urgent_types->pdata,
                                  self->n_by_size >= TURNS_BY_SIZE, BATCH, error);
  self->idle = items != NULL && items->len == 0;
  if (self->idle)
    {
      self->idle_seen = seen;
      self->idle_until = *until = next_work_time (self);
    }
  else if (items != NULL)
    {
      g_hash_table_add (self->busy,
                        g_ascii_strdown (((const AcWorkItem *)items->pdata[0])->asset, -1));
      count_running (self, items->pdata[0], 1);
      self->n_by_size = self->n_by_size < TURNS_BY_SIZE ? self->n_by_size + 1 : 0;
    }
  g_mutex_unlock (&self->take_lock);
  return items;
}

static void
release_asset (AcWorkQueue *self, const AcWorkItem *item)
{
  g_autofree char *asset = g_ascii_strdown (item->asset, -1);
  g_autoptr (GPtrArray) busy_types = g_ptr_array_new ();
  g_autoptr (GPtrArray) urgent_types = g_ptr_array_new ();
  gboolean was_full;

  g_mutex_lock (&self->take_lock);
  list_types (self, busy_types, urgent_types);
  was_full = busy_types->len > 1 || urgent_types->len > 1;
  g_hash_table_remove (self->busy, asset);
  count_running (self, item, -1);
  self->idle = FALSE;
  g_mutex_unlock (&self->take_lock);
  /* Somebody may have found nothing but work of that type, and sleep. */
  if (was_full)
    ac_work_queue_wake (self);
}

static gpointer
worker_thread (gpointer data)
{
  AcWorkQueue *self = data;

  while (!is_stopping (self))
    {
      /* Whatever is committed from here on wakes us from the wait below. */
      guint64 seen = get_wakes (self);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = NULL;
      gint64 until;

      return_stranded (self);
      items = take_batch (self, seen, &until, &error);
      if (items == NULL)
        {
          g_warning ("The queue of work could not be read, trying again: %s", error->message);
          wait_for_wake (self, G_MAXUINT64, g_get_monotonic_time () + self->store_delay);
        }
      else if (items->len == 0)
        wait_for_wake (self, seen, until);
      else
        {
          if (((const AcWorkItem *)items->pdata[0])->look != 0)
            run_look (self, items);
          else
            run_batch (self, items);
          release_asset (self, items->pdata[0]);
        }
    }
  return NULL;
}

/* What has expired does not come back, so nothing expires by a clock that may be wrong. */
static void
expire_actions (AcWorkQueue *self, gboolean *in_doubt)
{
  g_autoptr (GError) error = NULL;
  gint64 now;
  gboolean was_in_doubt = *in_doubt;

  *in_doubt = !ac_clock_watch_trusts (&self->clock, &now);
  if (*in_doubt && !was_in_doubt)
    g_message ("Nothing expires for an hour: the clock was set, or the service has not written "
               "anything for long");
  else if (!*in_doubt && !ac_store_expire_actions (self->store, now, NULL, &error))
    g_warning ("Actions could not be expired, trying again: %s", error->message);
}

static gpointer
expire_thread (gpointer data)
{
  AcWorkQueue *self = data;
  gint64 look_interval = ac_store_get_look_interval (self->store);
  gint64 interval = look_interval > 0 ? MIN (EXPIRE_INTERVAL, look_interval) : EXPIRE_INTERVAL;
  gboolean in_doubt = FALSE;

  while (!is_stopping (self))
    {
      g_autoptr (GError) error = NULL;

      expire_actions (self, &in_doubt);
      if (!ac_store_start_looks (self->store, ac_time_now (), &error))
        g_warning ("Clusters could not be looked at, trying again: %s", error->message);
      wait_for_wake (self, G_MAXUINT64, g_get_monotonic_time () + interval);
    }
  return NULL;
}

/**
 * ac_work_queue_start:
 *
 * Frees what a dead process had taken, and begins to work.
 *
 * Returns: whether it runs; what is wrong has been logged.
 */
gboolean
ac_work_queue_start (AcWorkQueue *self)
{
  g_autoptr (GError) error = NULL;
  guint n_threads = 0;

  g_return_val_if_fail (AC_IS_WORK_QUEUE (self), FALSE);
  g_return_val_if_fail (self->threads->len == 0, FALSE);

  if (!ac_store_recover_work (self->store, &error))
    {
      g_warning ("The queue of work could not be started: %s", error->message);
      return FALSE;
    }
  for (guint i = 0; i < self->responders->len; i++)
    n_threads += get_most (self, self->responders->pdata[i]);
  for (guint i = 0; i < MAX (n_threads, 1); i++)
    g_ptr_array_add (self->threads, g_thread_new ("worker", worker_thread, self));
  g_ptr_array_add (self->threads, g_thread_new ("expire", expire_thread, self));
  return TRUE;
}

/**
 * ac_work_queue_wake:
 *
 * To be called after something was decided. May be called from any thread, also before the start
 * and after the stop.
 */
void
ac_work_queue_wake (AcWorkQueue *self)
{
  g_return_if_fail (AC_IS_WORK_QUEUE (self));

  g_mutex_lock (&self->wake_lock);
  self->n_wakes++;
  g_cond_broadcast (&self->woken);
  g_mutex_unlock (&self->wake_lock);
}

/**
 * ac_work_queue_stop:
 *
 * Cancels the batches that run and waits for them. What they have not done is done after the next
 * start.
 */
void
ac_work_queue_stop (AcWorkQueue *self)
{
  g_return_if_fail (AC_IS_WORK_QUEUE (self));

  g_mutex_lock (&self->wake_lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->woken);
  g_mutex_unlock (&self->wake_lock);
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
}
