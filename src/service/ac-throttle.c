/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-throttle.h"

/* Above this many addresses those that owe nothing any more are forgotten. */
#define MAX_ADDRESSES 4096

/* For each address, the time when all it did is paid off: each offence moves it one interval
 * further on, and when it is more than burst intervals ahead of now, that is too much. */
struct _AcThrottle
{
  GHashTable *paid_off; /* of gint64, by address */
  gint64 interval;      /* microseconds */
  gint64 most;          /* microseconds that may be owed */
};

/**
 * ac_throttle_new:
 * @burst: how many offences are let pass at once
 * @interval: microseconds after which one is forgiven
 *
 * Returns: (transfer full): a throttle; to be used in one thread.
 */
AcThrottle *
ac_throttle_new (guint burst, gint64 interval)
{
  AcThrottle *throttle = g_new0 (AcThrottle, 1);

  throttle->paid_off = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  throttle->interval = interval;
  throttle->most = burst * interval;
  return throttle;
}

static gboolean
is_paid_off (gpointer address, gpointer paid_off, gpointer now)
{
  return *(gint64 *)paid_off <= *(gint64 *)now;
}

/**
 * ac_throttle_add:
 * @address: who has done wrong
 * @now: monotonic, in microseconds
 *
 * Returns: whether it may pass; %FALSE when it was one too many.
 */
gboolean
ac_throttle_add (AcThrottle *throttle, const char *address, gint64 now)
{
  gint64 *paid_off = g_hash_table_lookup (throttle->paid_off, address);

  if (paid_off == NULL)
    {
      if (g_hash_table_size (throttle->paid_off) >= MAX_ADDRESSES)
        g_hash_table_foreach_remove (throttle->paid_off, is_paid_off, &now);
      paid_off = g_new0 (gint64, 1);
      g_hash_table_insert (throttle->paid_off, g_strdup (address), paid_off);
    }
  *paid_off = MAX (*paid_off, now);
  if (*paid_off - now >= throttle->most)
    return FALSE;
  *paid_off += throttle->interval;
  return TRUE;
}

void
ac_throttle_free (AcThrottle *throttle)
{
  if (throttle == NULL)
    return;
  g_hash_table_unref (throttle->paid_off);
  g_free (throttle);
}
