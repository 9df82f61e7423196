/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run, for all tasks of one mailbox:
 *
 *   into quarantine                            undo
 *   1. look for the messages everywhere        1. look for them everywhere
 *   2. receipts: these copies, as they are     2. receipts: these copies go back
 *   3. copy them into quarantine, and see      3. copy them into the mailbox, and see
 *      them there, byte for byte                  them there, byte for byte
 *   4. receipts: they are there too            4. receipts: they are there too
 *   (quarantineAttachment: the same 2 to 4     5. take away the stand-in and what is in
 *   with the stand-in, into the mailbox)          quarantine
 *   5. take the originals away                 6. receipts: restored
 *   6. receipts: they are only there
 *
 * After a crash or a lost connection anywhere in this, the next run starts at 1, and finds by the
 * receipt and by what it sees how far the last one has come. Nothing is taken away before a receipt
 * says that it was seen elsewhere. */
#include "config.h"

#include "responders/ac-mail-read.h"
#include "responders/ac-quarantine-batch.h"
#include "responders/ac-quarantine-read.h"
#include "responders/ac-quarantine-responder.h"

/* How often to look again when the connection was lost or something changed under our hands; after
 * that the tasks come back later. */
#define MAX_LOOKS 3

struct _AcQuarantineResponder
{
  GObject parent_instance;

  AcMailConfig *config; /* never changes, so that several threads may read it */
};

static void ac_quarantine_responder_responder_init (AcResponderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcQuarantineResponder,
                               ac_quarantine_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER,
                                                      ac_quarantine_responder_responder_init))

static gboolean
ac_quarantine_responder_handles (AcResponder *responder, AcActionType type)
{
  const AcQuarantineResponder *self = AC_QUARANTINE_RESPONDER (responder);

  return self->config->quarantine_user != NULL &&
         (type == AC_ACTION_TYPE_QUARANTINE_EMAIL || type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT);
}

/* Runs the steps until each task has its outcome, or an error stops them. */
static gboolean
run_batch (AcQuarantineBatch *batch, AcDirection direction, GError **error)
{
  guint n_unfinished = G_MAXUINT;

  for (guint look = 1;; look++)
    {
      g_autoptr (GPtrArray) unfinished = ac_quarantine_batch_unfinished (batch);
      GError *problem = NULL;

      if (unfinished->len == 0)
        return TRUE;
      /* Of several actions about one message the last one is undone first, one in each look. */
      if (unfinished->len < n_unfinished || batch->has_set_aside)
        look = 1;
      batch->has_set_aside = FALSE;
      n_unfinished = unfinished->len;
      if (look > MAX_LOOKS)
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                       "The mailbox has changed each time it was looked at.");
          return FALSE;
        }
      if (ac_quarantine_batch_connect (batch, &problem) &&
          (direction == AC_DIRECTION_APPLY ? ac_quarantine_apply (batch, &problem)
                                           : ac_quarantine_undo (batch, &problem)))
        continue;
      if (batch->owner.connection != NULL && look < MAX_LOOKS &&
          ac_imap_error_is_lost_connection (problem))
        {
          g_error_free (problem);
          ac_quarantine_batch_disconnect (batch);
          continue;
        }
      if (look < MAX_LOOKS && g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED))
        {
          g_error_free (problem);
          continue;
        }
      g_propagate_error (error, problem);
      return FALSE;
    }
}

static void
ac_quarantine_responder_run (AcResponder *responder,
                             AcActionType type,
                             AcDirection direction,
                             const char *asset,
                             GPtrArray *tasks,
                             AcReceiptSink sink,
                             gpointer sink_data,
                             GCancellable *cancellable)
{
  AcQuarantineResponder *self = AC_QUARANTINE_RESPONDER (responder);
  g_autoptr (AcQuarantineBatch) batch =
      ac_quarantine_batch_new (self->config, asset, type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT,
                               tasks, sink, sink_data, cancellable);
  g_autoptr (GPtrArray) unfinished = NULL;
  g_autoptr (GError) error = NULL;

  if (run_batch (batch, direction, &error))
    return;
  /* Cut off by the end of the service: nothing was found out, and the receipts stand. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  unfinished = ac_quarantine_batch_unfinished (batch);
  for (guint i = 0; i < unfinished->len; i++)
    {
      AcQuarantineWork *work = unfinished->pdata[i];

      ac_task_set_failed (work->task, batch->sink_has_failed || ac_imap_error_is_transient (error),
                          "%s", error->message);
      ac_quarantine_work_note_part (work);
    }
}

static JsonObject *
ac_quarantine_responder_read_message (AcResponder *responder,
                                      AcEntity *entity,
                                      const char *asset,
                                      JsonObject *receipt,
                                      GCancellable *cancellable,
                                      GError **error)
{
  const AcQuarantineResponder *self = AC_QUARANTINE_RESPONDER (responder);

  if (receipt == NULL)
    return ac_mail_read (self->config, entity, asset, cancellable, error);
  return ac_quarantine_read (self->config, asset, receipt, cancellable, error);
}

static void
ac_quarantine_responder_responder_init (AcResponderInterface *iface)
{
  iface->handles = ac_quarantine_responder_handles;
  iface->run = ac_quarantine_responder_run;
  iface->read_message = ac_quarantine_responder_read_message;
}

static void
ac_quarantine_responder_finalize (GObject *object)
{
  AcQuarantineResponder *self = AC_QUARANTINE_RESPONDER (object);

  g_clear_pointer (&self->config, ac_mail_config_free);
  G_OBJECT_CLASS (ac_quarantine_responder_parent_class)->finalize (object);
}

static void
ac_quarantine_responder_class_init (AcQuarantineResponderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ac_quarantine_responder_finalize;
}

static void
ac_quarantine_responder_init (AcQuarantineResponder *self)
{
}

/**
 * ac_quarantine_responder_new:
 * @config: the service's configuration; its group [mail] is read and checked
 *
 * Does not talk to the mail server.
 *
 * Returns: (transfer full): the responder, or %NULL with AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
AcQuarantineResponder *
ac_quarantine_responder_new (GKeyFile *config, GError **error)
{
  g_autoptr (AcMailConfig) mail = ac_mail_config_new (config, error);
  AcQuarantineResponder *self;

  if (mail == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_QUARANTINE_RESPONDER, NULL);
  self->config = g_steal_pointer (&mail);
  return self;
}
