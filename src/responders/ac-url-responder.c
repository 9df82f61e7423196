/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run, for all tasks at one enforcement point:
 *
 *   block                                        undo
 *   1. look at the list (and in DNS)             1. look at the list
 *   2. receipts: this is about to be blocked     2. receipts: this is about to be taken off
 *   3. DNS only: one update of the policy zone,  3. DNS only: one update of the policy zone,
 *      seen by a lookup                             seen by a lookup
 *   4. one change of the list                    4. one change of the list
 *   5. see the entries on it, as a proxy does    5. see that they are gone, and what is left
 *   6. receipts: blocked                         6. receipts: taken off
 *
 * The list is what says which action wants what at which point, for DNS too: what one action takes
 * away is left where another one wants it. After a crash anywhere in this the next run starts at 1,
 * and each step that was done already changes nothing. In DNS a block comes before its entry and
 * goes before it, so that no entry claims what is not there.
 *
 * A block that ends by itself is over for the proxies at that moment, since they look at the time;
 * a thread takes it out of DNS and off the list. */
#include "config.h"

#include <glib/gstdio.h>

#include "model/ac-time.h"
#include "responders/ac-block-list-file.h"
#include "responders/ac-url-batch.h"
#include "responders/ac-url-responder.h"

#define LIST_LOCK ".lock"
#define DNS_LOCK ".dns-lock"

/* How soon to try again what has ended and could not be taken away; the proxies do not care. */
#define SWEEP_AGAIN (30 * G_TIME_SPAN_SECOND)

struct _AcUrlResponder
{
  GObject parent_instance;

  AcUrlConfig *config; /* never changes, so that several threads may read it */

  GThread *sweeper;
  GCancellable *cancellable; /* of the sweeper */
  GMutex lock;               /* guards the two below */
  GCond changed;
  gboolean has_changed; /* the list has, since the sweeper has looked */
  gboolean stopping;
};

static void ac_url_responder_responder_init (AcResponderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcUrlResponder,
                               ac_url_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER,
                                                      ac_url_responder_responder_init))

static gboolean
ac_url_responder_handles (AcResponder *responder, AcActionType type)
{
  return type == AC_ACTION_TYPE_BLOCK_URL;
}

/* --- one run --- */

/* As a proxy's helper sees it: the file that is there now. */
static gboolean
see_blocked (AcUrlBatch *batch, GError **error)
{
  g_autoptr (AcBlockList) list = ac_block_list_load (batch->config->list, NULL, error);
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];
      /* By its key: of which schemes that may be a URL the key does not tell. An entry whose time
       * ends in this moment is one that is seen, too. */
      g_autoptr (GPtrArray) covering =
          ac_block_list_covering (list, batch->point, work->receipt->pattern, NULL, G_MININT64 + 1);

      if (ac_block_list_find (list, batch->point, work->task->action_id) != NULL &&
          covering->len > 0)
        continue;
      ac_task_set_failed (work->task, TRUE,
                          "The entry is not on the block list any more: somebody else has changed "
                          "the list “%s”.",
                          batch->config->list);
      work->task->did_part = TRUE;
    }
  return TRUE;
}

/* The list has the entry before DNS has the rule: whoever finds the rule, after a crash too, sees
 * whose it is. */
static gboolean
block_in_dns (AcUrlBatch *batch, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (ac_url_dns_block (batch, &problem))
    return ac_url_batch_let_go (batch, NULL, error);
  if (!ac_url_batch_let_go (batch, problem, error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
apply (AcUrlBatch *batch, GError **error)
{
  gboolean is_dns = batch->point == AC_BLOCK_POINT_DNS;
  g_autoptr (AcBlockList) list = ac_url_batch_read_list (batch, error);
  g_autoptr (GPtrArray) put = NULL;
  g_autoptr (GPtrArray) done = NULL;

  if (list == NULL || (is_dns && !ac_url_dns_look_first (batch, list, error)) ||
      !ac_url_batch_set_state (batch, AC_URL_STATE_BLOCKING, error) ||
      !ac_url_batch_put_on_list (batch, error) || (is_dns && !block_in_dns (batch, error)))
    return FALSE;
  put = ac_url_batch_unfinished (batch);
  for (guint i = 0; i < put->len; i++)
    ((AcUrlWork *)put->pdata[i])->is_put = TRUE;
  /* Written first: where somebody has taken the entry off the list since, the rule in DNS is still
   * known as this action's. */
  if (!ac_url_batch_set_state (batch, AC_URL_STATE_BLOCKED, error) || !see_blocked (batch, error))
    return FALSE;
  done = ac_url_batch_unfinished (batch);
  for (guint i = 0; i < done->len; i++)
    ac_url_say_blocked (batch, done->pdata[i]);
  return TRUE;
}

/* An action that has written nothing down has begun nothing, and its entry would stand on the list.
 * What it was about may be blocked by a rule of somebody else, which is left alone. */
static void
settle_unbegun (AcUrlBatch *batch)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      AcUrlWork *work = batch->works->pdata[i];

      if (!work->was_begun && !work->was_on_list)
        ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_RESTORED,
                             "This action has blocked nothing here: it has no entry on the block "
                             "list.");
    }
}

static gboolean
undo (AcUrlBatch *batch, GError **error)
{
  g_autoptr (AcBlockList) list = ac_url_batch_read_list (batch, error);
  g_autoptr (AcBlockList) after = NULL;
  g_autoptr (GPtrArray) works = NULL;

  if (list == NULL)
    return FALSE;
  settle_unbegun (batch);
  works = ac_url_batch_unfinished (batch);
  if (works->len == 0)
    return TRUE;
  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      work->was_gone = !work->was_on_list && work->receipt->state == AC_URL_STATE_BLOCKED;
      ac_block_list_remove (list, batch->point, work->task->action_id);
    }
  if (!ac_url_batch_set_state (batch, AC_URL_STATE_UNBLOCKING, error) ||
      (batch->point == AC_BLOCK_POINT_DNS && !ac_url_dns_unblock (batch, list, error)) ||
      !ac_url_batch_take_off_list (batch, error) ||
      (after = ac_url_batch_read_list (batch, error)) == NULL ||
      !ac_url_batch_set_state (batch, AC_URL_STATE_UNBLOCKED, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      if (ac_block_list_find (after, batch->point, work->task->action_id) == NULL)
        ac_url_say_unblocked (batch, work);
      else
        ac_task_set_failed (work->task, TRUE,
                            "The entry is on the block list again: somebody else has changed the "
                            "list “%s”.",
                            batch->config->list);
    }
  return TRUE;
}

/* Whoever changes DNS by the list must be alone with both of them. -1 without an error: there is no
 * DNS to be changed. */
static gboolean
lock_dns (const AcUrlConfig *config, AcBlockPoint point, int *lock, GError **error)
{
  *lock = -1;
  if (point != AC_BLOCK_POINT_DNS)
    return TRUE;
  *lock = ac_block_list_lock (config->list, DNS_LOCK, error);
  return *lock >= 0;
}

static void
fail_all (GPtrArray *tasks, const char *text)
{
  for (guint i = 0; i < tasks->len; i++)
    ac_task_set_failed (tasks->pdata[i], FALSE, "%s", text);
}

static gboolean
check_point (AcUrlResponder *self, const char *asset, GPtrArray *tasks, AcBlockPoint *point)
{
  g_autofree char *text = NULL;

  if (!ac_block_point_from_string (asset, point))
    text = g_strdup_printf ("“%s” is no place where URLs are blocked. The assets of this type of "
                            "action are “proxy” and "
                            "“dns”.",
                            asset);
  else if (*point == AC_BLOCK_POINT_DNS && !self->config->has_dns)
    text = g_strdup ("This service blocks nothing in DNS: its configuration has no dns-server in "
                     "the group [url].");
  if (text != NULL)
    fail_all (tasks, text);
  return text == NULL;
}

static void
wake_sweeper (AcUrlResponder *self)
{
  g_mutex_lock (&self->lock);
  self->has_changed = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
ac_url_responder_run (AcResponder *responder,
                      AcActionType type,
                      AcDirection direction,
                      const char *asset,
                      GPtrArray *tasks,
                      AcReceiptSink sink,
                      gpointer sink_data,
                      GCancellable *cancellable)
{
  AcUrlResponder *self = AC_URL_RESPONDER (responder);
  g_autoptr (AcUrlBatch) batch = NULL;
  g_autoptr (GPtrArray) unfinished = NULL;
  g_autoptr (GError) error = NULL;
  AcBlockPoint point;
  gboolean done;
  int lock;

  if (!check_point (self, asset, tasks, &point))
    return;
  batch = ac_url_batch_new (self->config, point, direction, tasks, sink, sink_data, cancellable);
  if (batch->works->len == 0)
    return;
  done = lock_dns (self->config, point, &lock, &error) &&
         (direction == AC_DIRECTION_APPLY ? apply (batch, &error) : undo (batch, &error));
  if (lock >= 0)
    g_close (lock, NULL);
  wake_sweeper (self);
  /* Cut off by the end of the service: nothing was found out, and the receipts stand. */
  if (done || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  unfinished = ac_url_batch_unfinished (batch);
  for (guint i = 0; i < unfinished->len; i++)
    {
      AcUrlWork *work = unfinished->pdata[i];

      ac_task_set_failed (work->task, ac_url_batch_is_transient (batch, error), "%s",
                          error->message);
      work->task->did_part |= work->is_put;
    }
}

static gint64
ac_url_responder_get_retry_time (AcResponder *responder)
{
  return AC_URL_RESPONDER (responder)->config->retry * G_TIME_SPAN_SECOND;
}

static void
ac_url_responder_responder_init (AcResponderInterface *iface)
{
  iface->handles = ac_url_responder_handles;
  iface->get_retry_time = ac_url_responder_get_retry_time;
  iface->run = ac_url_responder_run;
}

/* --- what ends by itself --- */

/* Takes the rules of entries that are over out of DNS; gone: the actions whose rules are. What is
 * over covers nothing, so the list as it is serves as the one without. */
static gboolean
sweep_dns (AcUrlResponder *self, GHashTable *gone, GError **error)
{
  g_autoptr (AcBlockList) list = NULL;
  gboolean done = TRUE;
  int lock;

  if (!lock_dns (self->config, AC_BLOCK_POINT_DNS, &lock, error))
    return FALSE;
  list = ac_block_list_load (self->config->list, NULL, error);
  for (guint i = 0; done && list != NULL && i < ac_block_list_get_size (list); i++)
    {
      const AcBlockEntry *entry = ac_block_list_get (list, i);

      if (entry->point != AC_BLOCK_POINT_DNS || !ac_block_entry_is_over (entry, ac_time_now ()))
        continue;
      done = ac_url_dns_take_away (self->config, entry, list, self->cancellable, error);
      if (done)
        g_hash_table_add (gone, g_strdup (entry->action_id));
    }
  g_close (lock, NULL);
  return done && list != NULL;
}

/* Takes entries that are over off the list; those of DNS only when their rules are gone. next: when
 * the next one ends. */
static gboolean
sweep_list (AcUrlResponder *self, GHashTable *gone, gint64 *next, GError **error)
{
  int lock = ac_block_list_lock (self->config->list, LIST_LOCK, error);
  g_autoptr (AcBlockList) list = NULL;
  gint64 now = ac_time_now ();
  gboolean is_changed = FALSE;
  gboolean done;

  if (lock < 0)
    return FALSE;
  list = ac_block_list_load (self->config->list, NULL, error);
  for (guint i = list != NULL ? ac_block_list_get_size (list) : 0; i > 0; i--)
    {
      const AcBlockEntry *entry = ac_block_list_get (list, i - 1);
      g_autofree char *what = NULL;

      if (!ac_block_entry_is_over (entry, now))
        {
          *next = entry->expires_at != AC_TIME_NONE ? MIN (*next, entry->expires_at) : *next;
          continue;
        }
      if (entry->point == AC_BLOCK_POINT_DNS && !g_hash_table_contains (gone, entry->action_id))
        continue;
      what = ac_url_pattern_for_people (entry->pattern);
      g_message ("The time has ended for which the action %s blocks %s (%s)", entry->action_id,
                 what, ac_block_point_to_string (entry->point));
      ac_block_list_remove (list, entry->point, entry->action_id);
      is_changed = TRUE;
    }
  done = list != NULL && (!is_changed || ac_block_list_save (list, self->config->list, error));
  g_close (lock, NULL);
  return done;
}

static gboolean
sweep (AcUrlResponder *self, gint64 *next, GError **error)
{
  g_autoptr (GHashTable) gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean done = !self->config->has_dns || sweep_dns (self, gone, error);

  *next = G_MAXINT64;
  return sweep_list (self, gone, next, done ? error : NULL) && done;
}

/* Sleeps until the time of day, until the list has changed, or until the end. TRUE: go on. */
static gboolean
wait_for_change (AcUrlResponder *self, gint64 until)
{
  gint64 end = G_MAXINT64;
  gboolean goes_on;

  if (until != G_MAXINT64)
    end = g_get_monotonic_time () + MAX (until - ac_time_now (), 0) + 1000;
  g_mutex_lock (&self->lock);
  while (!self->stopping && !self->has_changed)
    if (end == G_MAXINT64)
      g_cond_wait (&self->changed, &self->lock);
    else if (!g_cond_wait_until (&self->changed, &self->lock, end))
      break;
  self->has_changed = FALSE;
  goes_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gpointer
sweeper_thread (gpointer data)
{
  AcUrlResponder *self = data;
  gint64 next;

  do
    {
      g_autoptr (GError) error = NULL;

      if (!sweep (self, &next, &error))
        {
          if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            g_warning ("Blocks that have ended could not be taken away: %s", error->message);
          next = ac_time_now () + SWEEP_AGAIN;
        }
    }
  while (wait_for_change (self, next));
  return NULL;
}

/* A proxy that starts before the first block finds a list, and lets everything through. */
static void
make_list (AcUrlResponder *self)
{
  g_autoptr (AcBlockList) list = NULL;
  g_autoptr (GError) error = NULL;
  int lock = ac_block_list_lock (self->config->list, LIST_LOCK, &error);

  if (lock >= 0)
    list = ac_block_list_load (self->config->list, NULL, &error);
  if (g_error_matches (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_MISSING))
    {
      g_clear_error (&error);
      list = ac_block_list_new ();
      ac_block_list_save (list, self->config->list, &error);
    }
  if (lock >= 0)
    g_close (lock, NULL);
  if (error != NULL)
    g_warning ("URLs cannot be blocked: %s", error->message);
}

static void
ac_url_responder_finalize (GObject *object)
{
  AcUrlResponder *self = AC_URL_RESPONDER (object);

  if (self->sweeper != NULL)
    {
      g_mutex_lock (&self->lock);
      self->stopping = TRUE;
      g_cond_signal (&self->changed);
      g_mutex_unlock (&self->lock);
      g_cancellable_cancel (self->cancellable);
      g_thread_join (self->sweeper);
    }
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->config, ac_url_config_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (ac_url_responder_parent_class)->finalize (object);
}

static void
ac_url_responder_class_init (AcUrlResponderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ac_url_responder_finalize;
}

static void
ac_url_responder_init (AcUrlResponder *self)
{
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

/**
 * ac_url_responder_new:
 * @config: the service's configuration; its group [url] is read and checked
 *
 * Makes an empty block list where there is none. Does not talk to the DNS server.
 *
 * Returns: (transfer full): the responder, or %NULL with AC_URL_CONFIG_ERROR_INVALID.
 */
AcUrlResponder *
ac_url_responder_new (GKeyFile *config, GError **error)
{
  g_autoptr (AcUrlConfig) url = ac_url_config_new (config, error);
  AcUrlResponder *self;

  if (url == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_URL_RESPONDER, NULL);
  self->config = g_steal_pointer (&url);
  make_list (self);
  self->sweeper = g_thread_new ("blocks", sweeper_thread, self);
  return self;
}
