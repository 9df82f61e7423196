/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run, for all tasks of one device:
 *
 *   quarantine                                  undo
 *   1. look at the files, hash them             1. look in quarantine and at their places, hash
 *   2. receipts: these files, as they are       2. receipts: these files go back
 *   3. one rename each, never replacing         3. mode, owner and time in quarantine, then one
 *   4. hash again, take the permissions            rename each, never replacing
 *   5. receipts: where they are now             4. hash again, see owner, mode and time
 *                                               5. receipts: restored
 *
 * After a crash or a lost connection anywhere in this, the next run starts at 1: it finds each file
 * where it was or where it was going, by the paths in the receipt, and goes on from there. What the
 * lost session has asked for last may still be carried out meanwhile: the run waits a moment before
 * it looks, and where a file is not any more where it was seen, it looks where it was going. For
 * files that can only be copied see ac-device-copy.c.
 *
 * What SFTP does not show: a file's other names (hard links). A rename takes one name away, and the
 * permissions from all of them, since they are one file; undo gives them back to all. */
#include "config.h"

#include "responders/ac-device-batch.h"
#include "responders/ac-device-responder.h"

/* How often the connection may be lost over one file; after that it comes back later. */
#define MAX_LOSSES 3
/* How often over any, with nothing done in between; after that all of them come back later. */
#define MAX_LOSSES_IN_A_ROW 20

struct _AcDeviceResponder
{
  GObject parent_instance;

  AcDeviceConfig *config; /* never changes, so that several threads may read it */
};

static void ac_device_responder_responder_init (AcResponderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcDeviceResponder,
                               ac_device_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER,
                                                      ac_device_responder_responder_init))

static gboolean
ac_device_responder_handles (AcResponder *responder, AcActionType type)
{
  return type == AC_ACTION_TYPE_QUARANTINE_FILE;
}

static gint64
ac_device_responder_get_retry_time (AcResponder *responder)
{
  return AC_DEVICE_RESPONDER (responder)->config->retry * G_TIME_SPAN_SECOND;
}

static guint
ac_device_responder_get_connections (AcResponder *responder)
{
  return AC_DEVICE_RESPONDER (responder)->config->connections;
}

/* The connection was lost: what was the device asked about? Whether to connect once more. */
static gboolean
note_loss (AcDeviceBatch *batch, const GError *problem)
{
  AcDeviceWork *work = batch->current;

  if (work != NULL && ++work->n_losses == MAX_LOSSES)
    ac_device_work_fail (work, TRUE, "%s", problem->message);
  return work != NULL;
}

/* Runs the steps until each task has its outcome, or an error stops them. */
static gboolean
run_batch (AcDeviceBatch *batch, AcDirection direction, GError **error)
{
  guint n_before = 0;
  guint n_in_a_row = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) unfinished = ac_device_batch_unfinished (batch);
      GError *problem = NULL;

      if (unfinished->len == 0)
        return TRUE;
      if (unfinished->len != n_before)
        n_in_a_row = 0;
      n_before = unfinished->len;
      if (ac_device_batch_connect (batch, &problem) &&
          ac_device_batch_let_settle (batch, &problem) &&
          (direction == AC_DIRECTION_APPLY ? ac_device_apply (batch, &problem)
                                           : ac_device_undo (batch, &problem)))
        continue;
      if (batch->sftp != NULL && ac_device_error_is_lost_connection (problem) &&
          ++n_in_a_row < MAX_LOSSES_IN_A_ROW && note_loss (batch, problem))
        {
          g_error_free (problem);
          ac_device_batch_disconnect (batch);
          continue;
        }
      g_propagate_error (error, problem);
      return FALSE;
    }
}

static void
ac_device_responder_run (AcResponder *responder,
                         AcActionType type,
                         AcDirection direction,
                         const char *asset,
                         GPtrArray *tasks,
                         AcReceiptSink sink,
                         gpointer sink_data,
                         GCancellable *cancellable)
{
  AcDeviceResponder *self = AC_DEVICE_RESPONDER (responder);
  g_autoptr (AcDeviceBatch) batch =
      ac_device_batch_new (self->config, asset, tasks, sink, sink_data, cancellable);
  g_autoptr (GPtrArray) unfinished = NULL;
  g_autoptr (GError) error = NULL;

  if (run_batch (batch, direction, &error))
    return;
  /* Cut off by the end of the service: nothing was found out, and the receipts stand. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  unfinished = ac_device_batch_unfinished (batch);
  for (guint i = 0; i < unfinished->len; i++)
    ac_device_work_fail (unfinished->pdata[i],
                         batch->sink_has_failed || ac_device_error_is_transient (error), "%s",
                         error->message);
}

static void
ac_device_responder_responder_init (AcResponderInterface *iface)
{
  iface->handles = ac_device_responder_handles;
  iface->get_retry_time = ac_device_responder_get_retry_time;
  iface->get_connections = ac_device_responder_get_connections;
  iface->run = ac_device_responder_run;
}

static void
ac_device_responder_finalize (GObject *object)
{
  AcDeviceResponder *self = AC_DEVICE_RESPONDER (object);

  g_clear_pointer (&self->config, ac_device_config_free);
  G_OBJECT_CLASS (ac_device_responder_parent_class)->finalize (object);
}

static void
ac_device_responder_class_init (AcDeviceResponderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ac_device_responder_finalize;
}

static void
ac_device_responder_init (AcDeviceResponder *self)
{
}

/**
 * ac_device_responder_new:
 * @config: the service's configuration; its group [device] is read and checked
 *
 * Talks to no device.
 *
 * Returns: (transfer full): the responder, or %NULL with AC_DEVICE_CONFIG_ERROR_INVALID.
 */
AcDeviceResponder *
ac_device_responder_new (GKeyFile *config, GError **error)
{
  g_autoptr (AcDeviceConfig) device = ac_device_config_new (config, error);
  AcDeviceResponder *self;

  if (device == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_DEVICE_RESPONDER, NULL);
  self->config = g_steal_pointer (&device);
  return self;
}
