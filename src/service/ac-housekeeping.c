/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-clock-watch.h"
#include "service/ac-housekeeping.h"

#define ROUND (G_TIME_SPAN_HOUR)
/* What undo could still bring back is kept for a year at least. */
#define UNDO_DAYS 365
/* Between two small transactions, so that decisions come first. */
#define REMOVE_PAUSE (20 * G_TIME_SPAN_MILLISECOND)

struct _AcHousekeeping
{
  AcStore *store;
  gint64 change_log_days;
  gint64 history_days; /* 0: for ever */
  AcClockWatch clock;
  GThread *thread;
  GCancellable *cancellable; /* cancelled under the lock */
  GMutex lock;
  GCond told;
};

/* Returns: whether the time has passed, and nobody has told to stop. */
static gboolean
rest (AcHousekeeping *housekeeping, gint64 span)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&housekeeping->lock);
  gint64 until = g_get_monotonic_time () + span;

  while (!g_cancellable_is_cancelled (housekeeping->cancellable))
    if (!g_cond_wait_until (&housekeeping->told, &housekeeping->lock, until))
      return TRUE;
  return FALSE;
}

static void
remove_history (AcHousekeeping *housekeeping, gint64 now)
{
  g_autoptr (GError) error = NULL;
  guint sum = 0;
  guint n = 0;

  if (housekeeping->history_days == 0)
    return;
  do
    {
      if (!ac_store_remove_settled (housekeeping->store,
                                    now - housekeeping->history_days * G_TIME_SPAN_DAY,
                                    now - UNDO_DAYS * G_TIME_SPAN_DAY, &n, &error))
        {
          g_warning ("Old actions could not be removed: %s", error->message);
          break;
        }
      sum += n;
    }
  while (n > 0 && rest (housekeeping, REMOVE_PAUSE));
  if (sum > 0)
    g_message ("Removed %u actions that were settled more than %u days ago", sum,
               (guint)housekeeping->history_days);
}

static void
forget (AcHousekeeping *housekeeping, gint64 now)
{
  gint64 older_than = now - housekeeping->change_log_days * G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;

  if (!ac_store_prune_changes (housekeeping->store, older_than, housekeeping->cancellable, NULL,
                               &error))
    g_warning ("Old changes could not be forgotten: %s", error->message);
  if (!g_cancellable_is_cancelled (housekeeping->cancellable))
    remove_history (housekeeping, now);
}

static gpointer
housekeeping_thread (gpointer data)
{
  AcHousekeeping *housekeeping = data;
  gint64 now;

  /* What has left does not come back, so nothing leaves by a clock that may be wrong. */
  do
    if (ac_clock_watch_trusts (&housekeeping->clock, &now))
      forget (housekeeping, now);
    else
      g_message ("Nothing old is removed for an hour: the clock was set, or the service has not "
                 "written anything for long");
  while (rest (housekeeping, ROUND));
  return NULL;
}

/**
 * ac_housekeeping_start:
 * @config: read now, and not kept
 * @last_written: ac_store_get_last_written() of before anything was written in this start
 *
 * Returns: (transfer full): to be ended with ac_housekeeping_stop().
 */
AcHousekeeping *
ac_housekeeping_start (AcStore *store, const AcServiceConfig *config, gint64 last_written)
{
  AcHousekeeping *housekeeping = g_new0 (AcHousekeeping, 1);

  housekeeping->store = g_object_ref (store);
  housekeeping->change_log_days = config->change_log_days;
  housekeeping->history_days = config->history_days;
  ac_clock_watch_init (&housekeeping->clock, last_written);
  housekeeping->cancellable = g_cancellable_new ();
  g_mutex_init (&housekeeping->lock);
  g_cond_init (&housekeeping->told);
  housekeeping->thread = g_thread_new ("housekeeping", housekeeping_thread, housekeeping);
  return housekeeping;
}

/**
 * ac_housekeeping_stop:
 * @housekeeping: (transfer full)
 *
 * Waits for the small transaction that is under way: the store is closed after this.
 */
void
ac_housekeeping_stop (AcHousekeeping *housekeeping)
{
  g_mutex_lock (&housekeeping->lock);
  g_cancellable_cancel (housekeeping->cancellable);
  g_cond_signal (&housekeeping->told);
  g_mutex_unlock (&housekeeping->lock);
  g_thread_join (housekeeping->thread);
  g_clear_object (&housekeeping->cancellable);
  g_clear_object (&housekeeping->store);
  g_cond_clear (&housekeeping->told);
  g_mutex_clear (&housekeeping->lock);
  g_free (housekeeping);
}
