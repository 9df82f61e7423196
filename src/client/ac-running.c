/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-lists.h"
#include "client/ac-running.h"

/* Changes come in bursts while a large operation runs; so often (milliseconds) is enough. */
#define GAP 300
/* How often it is asked while something is under way: the end of a time limit is no change. */
#define INTERVAL 3000
/* More nobody looks at; their number is told. */
#define MOST_OPERATIONS 100

struct _AcRunning
{
  GObject parent_instance;

  AcApi *api;
  AcActionSource *source;
  GCancellable *cancellable;
  GPtrArray *operations; /* of AcOperation */
  gint64 n_running;      /* -1: not known */
  char *error;           /* nullable */
  gboolean asking;
  gboolean again;
  guint timer;
};

enum
{
  PROP_0,
  PROP_N_RUNNING,
  PROP_ERROR,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcRunning, ac_running, G_TYPE_OBJECT)

static void schedule (AcRunning *self, guint milliseconds);

static void
take (AcRunning *self, AcOperationPage *page, const GError *error)
{
  gint64 before = self->n_running;

  g_free (self->error);
  self->error = page == NULL ? g_strdup (error->message) : NULL;
  if (page != NULL)
    {
      g_ptr_array_unref (self->operations);
      self->operations = g_ptr_array_ref (page->operations);
      self->n_running = (gint64)MIN (page->total, G_MAXINT64);
    }
  if (before != self->n_running)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_RUNNING]);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcRunning) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcOperationPage) page = ac_api_list_running_finish (AC_API (object), result, &error);

  self->asking = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_cancellable_is_cancelled (self->cancellable))
    return;
  take (self, page, error);
  if (self->again)
    schedule (self, GAP);
  else if (self->n_running > 0)
    schedule (self, INTERVAL);
}

static gboolean
ask_cb (gpointer data)
{
  AcRunning *self = data;

  self->timer = 0;
  self->asking = TRUE;
  self->again = FALSE;
  ac_api_list_running_async (self->api, MOST_OPERATIONS, self->cancellable, listed_cb,
                             g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
schedule (AcRunning *self, guint milliseconds)
{
  if (self->asking)
    {
      self->again = TRUE;
      return;
    }
  /* A later time gives way to a sooner one. */
  if (self->timer != 0 && milliseconds >= INTERVAL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (milliseconds, ask_cb, self);
}

static void
changed_cb (AcRunning *self)
{
  if (self->timer == 0 || self->n_running > 0)
    schedule (self, GAP);
}

static void
ac_running_dispose (GObject *object)
{
  AcRunning *self = AC_RUNNING (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  g_clear_object (&self->api);
  G_OBJECT_CLASS (ac_running_parent_class)->dispose (object);
}

static void
ac_running_finalize (GObject *object)
{
  AcRunning *self = AC_RUNNING (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->operations);
  g_free (self->error);
  G_OBJECT_CLASS (ac_running_parent_class)->finalize (object);
}

static void
ac_running_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcRunning *self = AC_RUNNING (object);

  switch (id)
    {
    case PROP_N_RUNNING:
      g_value_set_int64 (value, self->n_running);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_running_class_init (AcRunningClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_running_dispose;
  object_class->finalize = ac_running_finalize;
  object_class->get_property = ac_running_get_property;
  properties[PROP_N_RUNNING] =
      g_param_spec_int64 ("n-running", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_RUNNING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ac_running_init (AcRunning *self)
{
  self->cancellable = g_cancellable_new ();
  self->operations = g_ptr_array_new_with_free_func (g_object_unref);
  self->n_running = -1;
}

/**
 * ac_running_new:
 * @source: tells when something has changed
 *
 * Returns: (transfer full): the operations, not known yet.
 */
AcRunning *
ac_running_new (AcApi *api, AcActionSource *source)
{
  AcRunning *self;

  g_return_val_if_fail (AC_IS_API (api), NULL);
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (source), NULL);

  self = g_object_new (AC_TYPE_RUNNING, NULL);
  self->api = g_object_ref (api);
  self->source = g_object_ref (source);
  g_signal_connect_swapped (source, "changed", G_CALLBACK (changed_cb), self);
  schedule (self, GAP);
  return self;
}

gint64
ac_running_get_n_running (AcRunning *self)
{
  g_return_val_if_fail (AC_IS_RUNNING (self), -1);

  return self->n_running;
}

/**
 * ac_running_get_operations:
 *
 * Returns: (transfer none) (element-type AcOperation): the latest first; some hundred at most.
 */
GPtrArray *
ac_running_get_operations (AcRunning *self)
{
  g_return_val_if_fail (AC_IS_RUNNING (self), NULL);

  return self->operations;
}

/**
 * ac_running_get_error:
 *
 * Returns: (nullable): why the operations are not those of now.
 */
const char *
ac_running_get_error (AcRunning *self)
{
  g_return_val_if_fail (AC_IS_RUNNING (self), NULL);

  return self->error;
}

/**
 * ac_running_refresh:
 *
 * Asks the service soon.
 */
void
ac_running_refresh (AcRunning *self)
{
  g_return_if_fail (AC_IS_RUNNING (self));

  schedule (self, GAP);
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcRunning) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcOperation) operation =
      ac_api_take_back_operation_finish (AC_API (object), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (operation == NULL)
    take (self, NULL, error);
  schedule (self, GAP);
}

/**
 * ac_running_stop:
 *
 * Lets what of the operation has not begun wait for a decision again.
 */
void
ac_running_stop (AcRunning *self, const char *operation_id)
{
  g_return_if_fail (AC_IS_RUNNING (self));
  g_return_if_fail (operation_id != NULL);

  /* What is decided is not called off by closing the window. */
  ac_api_take_back_operation_async (self->api, operation_id, NULL, stopped_cb, g_object_ref (self));
}
