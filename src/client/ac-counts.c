/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-counts.h"
#include "model/ac-time.h"

/* Changes come in bursts while a large operation runs; so often (milliseconds) is enough. */
#define GAP 500

struct _AcCounts
{
  GObject parent_instance;

  AcActionSource *source;
  GCancellable *cancellable;
  guint n_due; /* answers awaited */
  gboolean again;
  gboolean failed;
  guint timer;

  gint64 pending;
  gint64 history;
};

enum
{
  PROP_0,
  PROP_PENDING,
  PROP_HISTORY,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AcCounts, ac_counts, G_TYPE_OBJECT)

/* One question. */
typedef struct
{
  GWeakRef counts;
  AcTab tab;
  gboolean was_refreshed; /* whether the service had been asked before */
} CountCall;

static void schedule (AcCounts *self);

static void
set_count (AcCounts *self, AcTab tab, gint64 count)
{
  gint64 *field = tab == AC_TAB_PENDING ? &self->pending : &self->history;

  if (*field == count)
    return;
  *field = count;
  g_object_notify_by_pspec (G_OBJECT (self),
                            properties[tab == AC_TAB_PENDING ? PROP_PENDING : PROP_HISTORY]);
}

static void
count_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  CountCall *call = user_data;
  g_autoptr (AcCounts) self = g_weak_ref_get (&call->counts);
  AcTab tab = call->tab;
  gboolean was_refreshed = call->was_refreshed;
  guint64 count;

  g_weak_ref_clear (&call->counts);
  g_free (call);
  if (self == NULL)
    return;
  self->n_due--;
  /* An error shows in the list; the last known number stays. That there is nothing is not known
   * before the service has been asked once. */
  if (ac_action_source_count_finish (AC_ACTION_SOURCE (object), result, &count, NULL) &&
      (count > 0 || was_refreshed))
    set_count (self, tab, (gint64)MIN (count, G_MAXINT64));
  else
    self->failed = TRUE;
  if (self->n_due == 0 && self->again)
    schedule (self);
}

static void
ask (AcCounts *self, AcTab tab)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (tab);
  CountCall *call = g_new0 (CountCall, 1);

  g_weak_ref_init (&call->counts, self);
  call->tab = tab;
  call->was_refreshed = ac_action_source_get_last_refreshed (self->source) != AC_TIME_NONE;
  self->n_due++;
  ac_action_source_count_async (self->source, query, self->cancellable, count_cb, call);
}

static void
ask_both (AcCounts *self)
{
  self->again = FALSE;
  self->failed = FALSE;
  ask (self, AC_TAB_PENDING);
  ask (self, AC_TAB_HISTORY);
}

static gboolean
timer_cb (gpointer data)
{
  AcCounts *self = data;

  self->timer = 0;
  ask_both (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (AcCounts *self)
{
  if (self->n_due > 0)
    self->again = TRUE;
  else if (self->timer == 0)
    self->timer = g_timeout_add (GAP, timer_cb, self);
}

static void
changed_cb (AcCounts *self)
{
  schedule (self);
}

static void
refreshed_cb (AcCounts *self)
{
  if (!self->failed)
    return;
  if (self->pending < 0 && self->n_due == 0)
    ask_both (self);
  else
    schedule (self);
}

static void
ac_counts_dispose (GObject *object)
{
  AcCounts *self = AC_COUNTS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (ac_counts_parent_class)->dispose (object);
}

static void
ac_counts_finalize (GObject *object)
{
  g_object_unref (AC_COUNTS (object)->cancellable);
  G_OBJECT_CLASS (ac_counts_parent_class)->finalize (object);
}

static void
ac_counts_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcCounts *self = AC_COUNTS (object);

  switch (id)
    {
    case PROP_PENDING:
      g_value_set_int64 (value, self->pending);
      break;
    case PROP_HISTORY:
      g_value_set_int64 (value, self->history);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_counts_class_init (AcCountsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_counts_dispose;
  object_class->finalize = ac_counts_finalize;
  object_class->get_property = ac_counts_get_property;
  properties[PROP_PENDING] = g_param_spec_int64 ("pending", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_HISTORY] = g_param_spec_int64 ("history", NULL, NULL, -1, G_MAXINT64, -1, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ac_counts_init (AcCounts *self)
{
  self->cancellable = g_cancellable_new ();
  self->pending = -1;
  self->history = -1;
}

/**
 * ac_counts_new:
 *
 * Returns: (transfer full): the numbers of @source, not known yet.
 */
AcCounts *
ac_counts_new (AcActionSource *source)
{
  AcCounts *self;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (source), NULL);

  self = g_object_new (AC_TYPE_COUNTS, NULL);
  self->source = g_object_ref (source);
  g_signal_connect_swapped (source, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (source, "notify::last-refreshed", G_CALLBACK (refreshed_cb), self);
  ask_both (self);
  return self;
}

gint64
ac_counts_get_pending (AcCounts *self)
{
  g_return_val_if_fail (AC_IS_COUNTS (self), -1);

  return self->pending;
}

gint64
ac_counts_get_history (AcCounts *self)
{
  g_return_val_if_fail (AC_IS_COUNTS (self), -1);

  return self->history;
}
