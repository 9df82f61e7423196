/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

/* How long a server may take to end what a client that is gone has told it. */
#define SETTLE_MS 1000
/* A longer name of a folder is refused by some servers. */
#define MAX_FOLDER 120

static void
hit_free (AcQuarantineHit *hit)
{
  ac_imap_message_free (hit->message);
  g_free (hit->sha256);
  g_free (hit);
}

static void
work_free (AcQuarantineWork *work)
{
  g_free (work->only_folder);
  g_clear_pointer (&work->receipt, ac_quarantine_receipt_free);
  g_ptr_array_unref (work->hits);
  g_ptr_array_unref (work->kept);
  g_ptr_array_unref (work->soft_deleted);
  g_ptr_array_unref (work->problems);
  g_free (work->seen_in);
  g_free (work->why_not);
  g_free (work);
}

static void
refuse (AcQuarantineWork *work, const char *why)
{
  ac_task_set_failed (work->task, FALSE, "%s", why);
  work->is_done = TRUE;
}

static AcQuarantineWork *
work_new (AcQuarantineBatch *batch, AcTask *task)
{
  AcQuarantineWork *work = g_new0 (AcQuarantineWork, 1);
  const char *folder = ac_entity_get_string (task->entity, "folder");
  g_autoptr (GError) problem = NULL;

  work->task = task;
  work->hits = g_ptr_array_new ();
  work->kept = g_ptr_array_new ();
  work->soft_deleted = g_ptr_array_new ();
  work->problems = g_ptr_array_new_with_free_func (g_free);
  work->message_id = ac_entity_get_string (task->entity, "messageId");
  if (folder != NULL)
    work->only_folder = ac_imap_name_encode (folder);
  if (task->receipt != NULL)
    work->receipt = ac_quarantine_receipt_new_from_json (task->receipt, &problem);
  else
    work->receipt = ac_quarantine_receipt_new ();
  if (work->receipt == NULL)
    {
      g_autofree char *why = g_strdup_printf ("%s Nothing was done.", problem->message);

      refuse (work, why);
    }
  else if (work->message_id == NULL || *work->message_id == '\0')
    refuse (work, "The action names no Message-ID, so the message cannot be found.");
  else if (strpbrk (work->message_id, "\r\n") != NULL)
    refuse (work, "The action's Message-ID holds a line break; no message can have it.");
  else if (g_ascii_strcasecmp (batch->mailbox, batch->config->quarantine_user) == 0)
    refuse (work, "This mailbox is the quarantine account itself.");
  else if (work->receipt->account != NULL &&
           strcmp (work->receipt->account, batch->config->quarantine_user) != 0)
    {
      g_autofree char *why =
          g_strdup_printf ("The message is in the quarantine account “%s”, and the configuration "
                           "of the service names "
                           "another one now. Name that one again, then try again.",
                           work->receipt->account);

      refuse (work, why);
    }
  return work;
}

/* Whether something was announced that may have been told to the server by a session that is
 * gone. */
static gboolean
has_begun (AcQuarantineBatch *batch)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      const AcQuarantineWork *work = batch->works->pdata[i];

      for (guint k = 0; !work->is_done && k < work->receipt->copies->len; k++)
        {
          const AcQuarantineCopy *copy = work->receipt->copies->pdata[k];

          if (copy->state != AC_QUARANTINE_KEPT && copy->state != AC_QUARANTINE_RESTORED)
            return TRUE;
        }
    }
  return FALSE;
}

/**
 * ac_quarantine_folder_of:
 *
 * Each mailbox has a folder of its own in the quarantine account, and only one worker at a time
 * acts on a mailbox: so what a folder's numbers say is not disturbed by others' work. No server
 * takes what stands in the name for a separator or a wildcard.
 *
 * Returns: (transfer full): the name of the folder, as on the wire.
 */
char *
ac_quarantine_folder_of (const char *mailbox)
{
  GString *name = g_string_new (NULL);

  for (const char *at = mailbox; *at != '\0'; at++)
    if (g_ascii_isalnum (*at) || strchr ("@_-", *at) != NULL)
      g_string_append_c (name, *at);
    else
      g_string_append_printf (name, "=%02X", (guchar)*at);
  if (name->len > MAX_FOLDER || g_ascii_strcasecmp (name->str, "INBOX") == 0)
    {
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, mailbox, -1);

      g_string_assign (name, digest);
    }
  return g_string_free (name, FALSE);
}

/**
 * ac_quarantine_batch_new:
 * @takes_parts: quarantineAttachment, not quarantineEmail
 * @tasks: (element-type AcTask): outlive the batch; those that cannot be carried out are given
 * their outcome at once
 */
AcQuarantineBatch *
ac_quarantine_batch_new (const AcMailConfig *config,
                         const char *mailbox,
                         gboolean takes_parts,
                         GPtrArray *tasks,
                         AcReceiptSink sink,
                         gpointer sink_data,
                         GCancellable *cancellable)
{
  AcQuarantineBatch *batch = g_new0 (AcQuarantineBatch, 1);

  batch->config = config;
  batch->mailbox = mailbox;
  batch->takes_parts = takes_parts;
  batch->sink = sink;
  batch->sink_data = sink_data;
  batch->kept_folder = ac_quarantine_folder_of (mailbox);
  g_set_object (&batch->cancellable, cancellable);
  batch->works = g_ptr_array_new_with_free_func ((GDestroyNotify)work_free);
  batch->hits = g_ptr_array_new_with_free_func ((GDestroyNotify)hit_free);
  batch->unread = ac_mail_unread_new ();
  for (guint i = 0; i < tasks->len; i++)
    g_ptr_array_add (batch->works, work_new (batch, tasks->pdata[i]));
  batch->may_be_under_way = has_begun (batch);
  return batch;
}

static void
account_close (AcQuarantineAccount *account)
{
  if (account->connection != NULL)
    ac_imap_connection_log_out (account->connection);
  g_clear_pointer (&account->connection, ac_imap_connection_free);
  g_clear_pointer (&account->folder, g_free);
}

void
ac_quarantine_batch_free (AcQuarantineBatch *batch)
{
  ac_quarantine_batch_disconnect (batch);
  g_ptr_array_unref (batch->works);
  g_ptr_array_unref (batch->hits);
  g_ptr_array_unref (batch->unread);
  g_clear_object (&batch->cancellable);
  g_free (batch->kept_folder);
  g_free (batch);
}

void
ac_quarantine_batch_disconnect (AcQuarantineBatch *batch)
{
  account_close (&batch->owner);
  account_close (&batch->quarantine);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
  batch->may_be_under_way = has_begun (batch);
}

/**
 * ac_quarantine_batch_is_lost:
 *
 * Returns: whether one of the two connections is of no use any more.
 */
gboolean
ac_quarantine_batch_is_lost (AcQuarantineBatch *batch)
{
  return (batch->owner.connection != NULL &&
          ac_imap_connection_is_lost (batch->owner.connection)) ||
         (batch->quarantine.connection != NULL &&
          ac_imap_connection_is_lost (batch->quarantine.connection));
}

static gboolean
let_settle (AcQuarantineBatch *batch, GError **error)
{
  if (!batch->may_be_under_way)
    return TRUE;
  batch->may_be_under_way = FALSE;
  return ac_responder_wait (SETTLE_MS, batch->cancellable, error);
}

static gboolean
is_foreign (const char *folder, GStrv prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (folder, prefixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
list_folders (AcQuarantineBatch *batch, GError **error)
{
  AcImapConnection *connection = batch->owner.connection;
  g_auto (GStrv) foreign = ac_imap_client_list_foreign_prefixes (connection, error);
  g_autoptr (GPtrArray) folders = NULL;

  if (foreign == NULL || (folders = ac_imap_client_list (connection, error)) == NULL)
    return FALSE;
  for (guint i = folders->len; i > 0; i--)
    {
      const AcImapFolder *folder = folders->pdata[i - 1];
      gboolean is_recoverable = ac_imap_name_equal (folder->name, batch->config->recoverable);

      if (is_recoverable)
        batch->has_recoverable = folder->selectable;
      if (is_recoverable || !folder->selectable || folder->is_view ||
          is_foreign (folder->name, foreign) || !g_utf8_validate (folder->name, -1, NULL))
        g_ptr_array_remove_index (folders, i - 1);
    }
  batch->folders = g_steal_pointer (&folders);
  return TRUE;
}

static gboolean
find_kept_folder (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) folders = ac_imap_client_list (batch->quarantine.connection, error);

  if (folders == NULL)
    return FALSE;
  batch->has_kept_folder = FALSE;
  for (guint i = 0; i < folders->len; i++)
    if (ac_imap_name_equal (((AcImapFolder *)folders->pdata[i])->name, batch->kept_folder))
      batch->has_kept_folder = TRUE;
  return TRUE;
}

static gboolean
log_in (AcQuarantineBatch *batch, GError **error)
{
  const AcMailConfig *config = batch->config;

  if (batch->owner.connection == NULL)
    batch->owner.connection =
        ac_mail_config_connect (config, batch->mailbox, batch->cancellable, error);
  if (batch->owner.connection == NULL)
    return FALSE;
  if (batch->quarantine.connection == NULL)
    batch->quarantine.connection =
        ac_mail_config_connect (config, config->quarantine_user, batch->cancellable, error);
  if (batch->quarantine.connection != NULL)
    return TRUE;
  g_prefix_error (error, "The quarantine account cannot be opened. ");
  return FALSE;
}

/**
 * ac_quarantine_batch_connect:
 *
 * Logs in to both accounts where there is no connection, and forgets what an earlier look has seen.
 */
gboolean
ac_quarantine_batch_connect (AcQuarantineBatch *batch, GError **error)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      AcQuarantineWork *work = batch->works->pdata[i];

      g_ptr_array_set_size (work->hits, 0);
      g_ptr_array_set_size (work->kept, 0);
      g_ptr_array_set_size (work->soft_deleted, 0);
      g_ptr_array_set_size (work->problems, 0);
      work->problem_is_transient = FALSE;
      work->waits = FALSE;
    }
  g_ptr_array_set_size (batch->hits, 0);
  g_ptr_array_set_size (batch->unread, 0);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
  batch->has_recoverable = FALSE;
  batch->wants_another_look = FALSE;
  return log_in (batch, error) && list_folders (batch, error) && find_kept_folder (batch, error) &&
         let_settle (batch, error);
}

/**
 * ac_quarantine_account_open:
 *
 * Opens a folder, always anew: what is there now counts.
 */
gboolean
ac_quarantine_account_open (AcQuarantineAccount *account,
                            const char *folder,
                            gboolean writable,
                            GError **error)
{
  g_autofree char *name = g_strdup (folder);

  g_clear_pointer (&account->folder, g_free);
  if (!ac_imap_client_select (account->connection, name, writable, &account->state, error))
    return FALSE;
  account->folder = g_steal_pointer (&name);
  account->is_writable = writable;
  return TRUE;
}

/**
 * ac_quarantine_account_see:
 * @message: (out) (nullable) (transfer full): the message with this UID in the open folder
 */
gboolean
ac_quarantine_account_see (AcQuarantineAccount *account,
                           guint32 uid,
                           AcImapMessage **message,
                           GError **error)
{
  g_autoptr (GPtrArray) messages = ac_imap_client_fetch (account->connection, &uid, 1, error);

  *message = NULL;
  if (messages == NULL)
    return FALSE;
  for (guint i = 0; i < messages->len && *message == NULL; i++)
    if (((AcImapMessage *)messages->pdata[i])->uid == uid)
      *message = g_ptr_array_steal_index (messages, i);
  return TRUE;
}

/**
 * ac_quarantine_batch_has_folder:
 *
 * Returns: whether the owner has such a folder.
 */
gboolean
ac_quarantine_batch_has_folder (AcQuarantineBatch *batch, const char *folder)
{
  for (guint i = 0; i < batch->folders->len; i++)
    if (ac_imap_name_equal (((const AcImapFolder *)batch->folders->pdata[i])->name, folder))
      return TRUE;
  return FALSE;
}

/**
 * ac_quarantine_batch_write:
 *
 * Hands the receipts that have changed to the sink.
 *
 * Returns: %TRUE when all of them are on disk.
 */
gboolean
ac_quarantine_batch_write (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcQuarantineWork *work = batch->works->pdata[i];

      if (!work->is_unwritten)
        continue;
      g_clear_pointer (&work->task->receipt, json_object_unref);
      work->task->receipt = ac_quarantine_receipt_to_json (work->receipt);
      g_ptr_array_add (tasks, work->task);
    }
  if (!ac_tasks_write_receipts (tasks, batch->sink, batch->sink_data, error))
    {
      batch->sink_has_failed = TRUE;
      return FALSE;
    }
  for (guint i = 0; i < batch->works->len; i++)
    ((AcQuarantineWork *)batch->works->pdata[i])->is_unwritten = FALSE;
  /* A receipt is the moment at which nothing is under way. */
  return !g_cancellable_set_error_if_cancelled (batch->cancellable, error);
}

/**
 * ac_quarantine_batch_unfinished:
 *
 * Returns: (transfer container) (element-type AcQuarantineWork): the works that have no outcome
 * yet.
 */
GPtrArray *
ac_quarantine_batch_unfinished (AcQuarantineBatch *batch)
{
  GPtrArray *works = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    if (!((AcQuarantineWork *)batch->works->pdata[i])->is_done)
      g_ptr_array_add (works, batch->works->pdata[i]);
  return works;
}

/**
 * ac_quarantine_batch_steps:
 *
 * Returns: (transfer full) (element-type AcQuarantineStep): the copies of unfinished works that are
 *   in this state, but for those that this run leaves.
 */
GPtrArray *
ac_quarantine_batch_steps (AcQuarantineBatch *batch, AcQuarantineState state)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcQuarantineWork *work = batch->works->pdata[i];

      for (guint k = 0; !work->is_done && k < work->receipt->copies->len; k++)
        {
          AcQuarantineCopy *copy = work->receipt->copies->pdata[k];
          AcQuarantineStep *step;

          if (copy->state != state || ac_quarantine_batch_leaves (batch, copy))
            continue;
          step = g_new0 (AcQuarantineStep, 1);
          step->work = work;
          step->copy = copy;
          g_ptr_array_add (steps, step);
        }
    }
  return steps;
}

/**
 * ac_quarantine_batch_leaves:
 *
 * Returns: whether the copy, or what stands in for it, is or may be in a folder that could not be
 *   looked at: then nobody knows what became of it, and it is left as its receipt has it.
 */
gboolean
ac_quarantine_batch_leaves (AcQuarantineBatch *batch, const AcQuarantineCopy *copy)
{
  if (copy->state < AC_QUARANTINE_KEPT)
    return ac_mail_unread_has (batch->unread, copy->folder) ||
           (copy->stand_in_folder != NULL &&
            ac_mail_unread_has (batch->unread, copy->stand_in_folder));
  return (copy->state == AC_QUARANTINE_RESTORING || copy->state == AC_QUARANTINE_RETURNED) &&
         copy->back_folder != NULL && ac_mail_unread_has (batch->unread, copy->back_folder);
}

static void
add_problem_cb (gpointer work, const char *what, const GError *error)
{
  ac_quarantine_work_add_problem (work, what, error);
}

/**
 * ac_quarantine_batch_say_unread:
 * @only_folder: (nullable): the only one that matters
 *
 * Adds to the problems of a work that some folders could not be looked at.
 */
void
ac_quarantine_batch_say_unread (AcQuarantineBatch *batch,
                                AcQuarantineWork *work,
                                const char *only_folder)
{
  ac_mail_unread_say (batch->unread, only_folder, add_problem_cb, work);
}

/**
 * ac_quarantine_batch_set_aside:
 * @problem: (transfer full): why the copy cannot be read
 *
 * Leaves one message, in this and the next looks, that has stopped in the middle of being copied:
 * that has cost the connection that it was written to, and the others go on over a new one.
 *
 * Returns: %FALSE
 */
gboolean
ac_quarantine_batch_set_aside (AcQuarantineBatch *batch,
                               AcQuarantineStep *step,
                               GError *problem,
                               GError **error)
{
  g_clear_error (&step->copy->set_aside);
  step->copy->set_aside = problem;
  batch->has_set_aside = TRUE;
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED, "A message could not be read.");
  return FALSE;
}

/**
 * ac_quarantine_batch_blame:
 * @what: what was tried, as a sentence with a full stop
 * @problem: (transfer full): why it could not be done
 *
 * A refusal concerns this work only; whatever else goes wrong ends the batch.
 *
 * Returns: whether the batch goes on.
 */
gboolean
ac_quarantine_batch_blame (AcQuarantineBatch *batch,
                           AcQuarantineWork *work,
                           const char *what,
                           GError *problem,
                           GError **error)
{
  if (problem->domain != AC_IMAP_ERROR || ac_quarantine_batch_is_lost (batch))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) ||
      g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    batch->wants_another_look = TRUE;
  else
    ac_quarantine_work_add_problem (work, what, problem);
  g_error_free (problem);
  return TRUE;
}

/**
 * ac_quarantine_work_add_problem:
 * @what: what was tried, as a sentence with a full stop
 *
 * Notes why a part of the work could not be done.
 */
void
ac_quarantine_work_add_problem (AcQuarantineWork *work, const char *what, const GError *error)
{
  g_autofree char *text = g_strdup_printf ("%s %s", what, error->message);

  if (work->problems->len == 0)
    work->problem_is_transient = TRUE;
  work->problem_is_transient = work->problem_is_transient && ac_imap_error_is_transient (error);
  if (!g_ptr_array_find_with_equal_func (work->problems, text, g_str_equal, NULL))
    g_ptr_array_add (work->problems, g_steal_pointer (&text));
}

/**
 * ac_quarantine_work_note_part:
 *
 * Notes on a task that has failed whether an undo has something to do all the same.
 */
void
ac_quarantine_work_note_part (AcQuarantineWork *work)
{
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      AcQuarantineState state = ((AcQuarantineCopy *)work->receipt->copies->pdata[i])->state;

      if (state > AC_QUARANTINE_COPYING && state < AC_QUARANTINE_RESTORED)
        work->task->did_part = TRUE;
    }
  work->task->did_nothing = !work->task->did_part;
}
