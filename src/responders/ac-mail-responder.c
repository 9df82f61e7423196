/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run, for all tasks of one mailbox:
 *
 *   soft delete                              undo
 *   1. look for the messages everywhere      1. look in the recoverable folder
 *   2. receipts: these copies, as they are   2. receipts: these copies go back
 *   3. one UID MOVE a folder                 3. one UID MOVE a folder
 *   4. receipts: where they are now          4. receipts: where they are now
 *                                            5. see them there, put flags right
 *                                            6. receipts: restored
 *
 * After a crash or a lost connection anywhere in this, the next run starts at 1: it finds each copy
 * where it was or where it was going, by the numbers in the receipt, and goes on from there. When
 * step 2 was reached, it first lets the server end what the lost session may have told it. */
#include "config.h"

#include <gmime/gmime.h>

#include "responders/ac-mail-batch.h"
#include "responders/ac-mail-find.h"
#include "responders/ac-mail-look.h"
#include "responders/ac-mail-read.h"
#include "responders/ac-mail-responder.h"

/* How often to look again when the connection was lost or something changed under our hands; after
 * that the tasks come back later. */
#define MAX_LOOKS 3

struct _AcMailResponder
{
  GObject parent_instance;

  AcMailConfig *config; /* never changes, so that several threads may read it */
};

static void ac_mail_responder_responder_init (AcResponderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcMailResponder,
                               ac_mail_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER,
                                                      ac_mail_responder_responder_init))

static gboolean
ac_mail_responder_handles (AcResponder *responder, AcActionType type)
{
  return type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL ||
         type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER;
}

static GPtrArray *
ac_mail_responder_look (AcResponder *responder,
                        AcEntity *entity,
                        const char *asset,
                        gboolean *is_transient,
                        GCancellable *cancellable,
                        GError **error)
{
  GError *problem = NULL;
  GPtrArray *found =
      ac_mail_look (AC_MAIL_RESPONDER (responder)->config, entity, asset, cancellable, &problem);

  if (found == NULL)
    {
      *is_transient = ac_imap_error_is_transient (problem);
      g_propagate_error (error, problem);
    }
  return found;
}

static GStrv
ac_mail_responder_list_assets (AcResponder *responder, GError **error)
{
  return ac_mail_config_list_mailboxes (AC_MAIL_RESPONDER (responder)->config, error);
}

static GPtrArray *
ac_mail_responder_find (AcResponder *responder,
                        const AcMailQuery *query,
                        const char *asset,
                        guint most,
                        gboolean *is_cut,
                        GCancellable *cancellable,
                        GError **error)
{
  return ac_mail_find (AC_MAIL_RESPONDER (responder)->config, query, asset, most, is_cut,
                       cancellable, error);
}

static JsonObject *
ac_mail_responder_read_message (AcResponder *responder,
                                AcEntity *entity,
                                const char *asset,
                                JsonObject *receipt,
                                GCancellable *cancellable,
                                GError **error)
{
  return ac_mail_read (AC_MAIL_RESPONDER (responder)->config, entity, asset, cancellable, error);
}

/* Runs the steps until each task has its outcome, or an error stops them. */
static gboolean
run_batch (AcMailBatch *batch, AcDirection direction, GError **error)
{
  for (guint look = 1;; look++)
    {
      g_autoptr (GPtrArray) unfinished = ac_mail_batch_unfinished (batch);
      GError *problem = NULL;

      if (unfinished->len == 0)
        return TRUE;
      if (look > MAX_LOOKS)
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                       "The mailbox has changed each time it was looked at.");
          return FALSE;
        }
      if (ac_mail_batch_connect (batch, &problem) && ac_mail_batch_let_settle (batch, &problem) &&
          (direction == AC_DIRECTION_APPLY ? ac_mail_apply (batch, &problem)
                                           : ac_mail_undo (batch, &problem)))
        continue;
      if (batch->connection != NULL && look < MAX_LOOKS &&
          ac_imap_error_is_lost_connection (problem))
        {
          g_error_free (problem);
          ac_mail_batch_disconnect (batch);
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
ac_mail_responder_run (AcResponder *responder,
                       AcActionType type,
                       AcDirection direction,
                       const char *asset,
                       GPtrArray *tasks,
                       AcReceiptSink sink,
                       gpointer sink_data,
                       GCancellable *cancellable)
{
  AcMailResponder *self = AC_MAIL_RESPONDER (responder);
  g_autoptr (AcMailBatch) batch =
      ac_mail_batch_new (self->config, asset, tasks, sink, sink_data, cancellable);
  g_autoptr (GPtrArray) unfinished = NULL;
  g_autoptr (GError) error = NULL;

  if (run_batch (batch, direction, &error))
    return;
  /* Cut off by the end of the service: nothing was found out, and the receipts stand. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  unfinished = ac_mail_batch_unfinished (batch);
  for (guint i = 0; i < unfinished->len; i++)
    {
      AcMailWork *work = unfinished->pdata[i];

      ac_task_set_failed (work->task, batch->sink_has_failed || ac_imap_error_is_transient (error),
                          "%s", error->message);
      ac_mail_work_note_part (work);
    }
}

static void
ac_mail_responder_responder_init (AcResponderInterface *iface)
{
  iface->handles = ac_mail_responder_handles;
  iface->look = ac_mail_responder_look;
  iface->list_assets = ac_mail_responder_list_assets;
  iface->find = ac_mail_responder_find;
  iface->read_message = ac_mail_responder_read_message;
  iface->run = ac_mail_responder_run;
}

static void
ac_mail_responder_finalize (GObject *object)
{
  AcMailResponder *self = AC_MAIL_RESPONDER (object);

  g_clear_pointer (&self->config, ac_mail_config_free);
  G_OBJECT_CLASS (ac_mail_responder_parent_class)->finalize (object);
}

static void
ac_mail_responder_class_init (AcMailResponderClass *class)
{
  /* Once, before any thread parses a message. */
  g_mime_init ();
  G_OBJECT_CLASS (class)->finalize = ac_mail_responder_finalize;
}

static void
ac_mail_responder_init (AcMailResponder *self)
{
}

/**
 * ac_mail_responder_new:
 * @config: the service's configuration; its group [mail] is read and checked
 *
 * Does not talk to the mail server.
 *
 * Returns: (transfer full): the responder, or %NULL with AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
AcMailResponder *
ac_mail_responder_new (GKeyFile *config, GError **error)
{
  g_autoptr (AcMailConfig) mail = ac_mail_config_new (config, error);
  AcMailResponder *self;

  if (mail == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_MAIL_RESPONDER, NULL);
  self->config = g_steal_pointer (&mail);
  return self;
}
