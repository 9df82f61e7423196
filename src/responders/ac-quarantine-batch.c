/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

/* Message-IDs in one search: more make the server's work no shorter. */
#define IDS_A_SEARCH 50
/* Messages in one FETCH, so that a Message-ID that is part of all others costs no more memory. */
#define UIDS_A_FETCH 1000
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
  GPollFD poll = { 0 };
  gboolean can_poll;

  if (!batch->may_be_under_way)
    return TRUE;
  batch->may_be_under_way = FALSE;
  can_poll = g_cancellable_make_pollfd (batch->cancellable, &poll);
  g_poll (&poll, can_poll ? 1 : 0, SETTLE_MS);
  if (can_poll)
    g_cancellable_release_fd (batch->cancellable);
  return !g_cancellable_set_error_if_cancelled (batch->cancellable, error);
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

      if (ac_imap_name_equal (folder->name, batch->config->recoverable) || !folder->selectable ||
          folder->is_view || is_foreign (folder->name, foreign) ||
          !g_utf8_validate (folder->name, -1, NULL))
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
      g_ptr_array_set_size (work->problems, 0);
      work->problem_is_transient = FALSE;
    }
  g_ptr_array_set_size (batch->hits, 0);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
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
 * ac_quarantine_account_create:
 *
 * Makes a folder. One that a session which is gone has made since the folders were listed will do.
 */
gboolean
ac_quarantine_account_create (AcQuarantineAccount *account, const char *folder, GError **error)
{
  GError *problem = NULL;

  if (ac_imap_client_create (account->connection, folder, &problem))
    return TRUE;
  if (!ac_imap_connection_is_lost (account->connection) &&
      ac_quarantine_account_open (account, folder, FALSE, NULL))
    {
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/* The same, if it is not open already. */
static gboolean
account_show (AcQuarantineAccount *account, const char *folder, GError **error)
{
  return g_strcmp0 (account->folder, folder) == 0 ||
         ac_quarantine_account_open (account, folder, FALSE, error);
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

/* Which works are about which Message-ID: two actions may be about the same. */
static GHashTable *
works_by_id (GPtrArray *works)
{
  GHashTable *by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < works->len; i++)
    {
      AcQuarantineWork *work = works->pdata[i];
      GPtrArray *same = g_hash_table_lookup (by_id, work->message_id);

      if (same == NULL)
        {
          same = g_ptr_array_new ();
          g_hash_table_insert (by_id, (char *)work->message_id, same);
        }
      g_ptr_array_add (same, work);
    }
  return by_id;
}

/* Takes up a message whose whole Message-ID is one that is looked for; the server has found others
 * too. */
static void
take_message (AcQuarantineBatch *batch,
              GHashTable *by_id,
              AcQuarantineAccount *account,
              const char *folder,
              AcImapMessage *message)
{
  AcQuarantineHit *hit = g_new0 (AcQuarantineHit, 1);

  hit->account = account;
  hit->folder = folder;
  hit->uid_validity = account->state.uid_validity;
  hit->message = message;
  g_ptr_array_add (batch->hits, hit);
  for (guint i = 0; message->message_ids[i] != NULL; i++)
    {
      GPtrArray *works = g_hash_table_lookup (by_id, message->message_ids[i]);

      for (guint k = 0; works != NULL && k < works->len; k++)
        {
          AcQuarantineWork *work = works->pdata[k];
          GPtrArray *seen = account == &batch->quarantine ? work->kept : work->hits;

          /* A message may have the same header twice. */
          if (!g_ptr_array_find (seen, hit, NULL))
            g_ptr_array_add (seen, hit);
        }
    }
}

static gboolean
fetch_found (AcQuarantineBatch *batch,
             GHashTable *by_id,
             GHashTable *seen,
             AcQuarantineAccount *account,
             const char *folder,
             GArray *uids,
             GError **error)
{
  for (guint at = 0; at < uids->len; at += UIDS_A_FETCH)
    {
      g_autoptr (GPtrArray) messages =
          ac_imap_client_fetch (account->connection, &g_array_index (uids, guint32, at),
                                MIN (UIDS_A_FETCH, uids->len - at), error);

      if (messages == NULL)
        return FALSE;
      g_ptr_array_set_free_func (messages, NULL);
      for (guint i = 0; i < messages->len; i++)
        {
          AcImapMessage *message = messages->pdata[i];

          /* Found by two searches, or told twice. */
          if (g_hash_table_add (seen, GUINT_TO_POINTER (message->uid)))
            take_message (batch, by_id, account, folder, message);
          else
            ac_imap_message_free (message);
        }
    }
  return TRUE;
}

/* Searches one folder, which may have been deleted since it was listed. */
static gboolean
look_in (AcQuarantineBatch *batch,
         GHashTable *by_id,
         AcQuarantineAccount *account,
         const char *folder,
         GError **error)
{
  g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array (by_id, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n_ids = g_hash_table_size (by_id);
  GError *problem = NULL;

  if (!ac_quarantine_account_open (account, folder, FALSE, &problem))
    {
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        {
          g_error_free (problem);
          return TRUE;
        }
      g_propagate_error (error, problem);
      return FALSE;
    }
  for (guint from = 0; from < n_ids; from += IDS_A_SEARCH)
    {
      guint n = MIN (IDS_A_SEARCH, n_ids - from);
      g_autofree const char **some = g_new0 (const char *, n + 1);
      g_autoptr (GArray) uids = NULL;

      memcpy (some, ids + from, n * sizeof *some);
      uids = ac_imap_client_search_message_ids (account->connection, some, error);
      if (uids == NULL || !fetch_found (batch, by_id, seen, account, folder, uids, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ac_quarantine_batch_look:
 * @works: (element-type AcQuarantineWork): whose messages to look for
 *
 * Fills the lists "hits" and "kept" of each work.
 */
gboolean
ac_quarantine_batch_look (AcQuarantineBatch *batch, GPtrArray *works, GError **error)
{
  g_autoptr (GHashTable) by_id = works_by_id (works);

  if (works->len == 0)
    return TRUE;
  for (guint i = 0; i < batch->folders->len; i++)
    if (!look_in (batch, by_id, &batch->owner, ((AcImapFolder *)batch->folders->pdata[i])->name,
                  error))
      return FALSE;
  return !batch->has_kept_folder ||
         look_in (batch, by_id, &batch->quarantine, batch->kept_folder, error);
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
  if (tasks->len > 0 && !batch->sink (tasks, batch->sink_data, error))
    {
      batch->sink_has_failed = TRUE;
      g_prefix_error (error, "The service could not note what it does in its database. ");
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
 *   in this state.
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

          if (copy->state != state)
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
 * ac_quarantine_hit_digest:
 *
 * Learns the SHA-256 of a message, which stays %NULL when it has gone since it was seen.
 */
gboolean
ac_quarantine_hit_digest (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error)
{
  GError *problem = NULL;

  if (hit->sha256 != NULL)
    return TRUE;
  if (account_show (hit->account, hit->folder, &problem) &&
      hit->account->state.uid_validity == hit->uid_validity)
    hit->sha256 = ac_imap_transfer_digest (hit->account->connection, hit->message->uid,
                                           hit->message->size, &problem);
  if (problem == NULL)
    {
      batch->wants_another_look = batch->wants_another_look || hit->sha256 == NULL;
      return TRUE;
    }
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) ||
      g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    {
      batch->wants_another_look = TRUE;
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_quarantine_hit_is:
 * @is: (out): whether the message is the one that is meant, byte for byte
 */
gboolean
ac_quarantine_hit_is (AcQuarantineBatch *batch,
                      AcQuarantineHit *hit,
                      guint32 size,
                      gint64 date,
                      const char *sha256,
                      gboolean *is,
                      GError **error)
{
  *is = FALSE;
  if (hit->is_claimed || hit->message->size != size || hit->message->date != date)
    return TRUE;
  if (!ac_quarantine_hit_digest (batch, hit, error))
    return FALSE;
  *is = g_strcmp0 (hit->sha256, sha256) == 0;
  return TRUE;
}

static gboolean
may_be_at (const AcQuarantineHit *hit, const char *folder, const AcMailPlace *place)
{
  if (folder != NULL && !ac_imap_name_equal (hit->folder, folder))
    return FALSE;
  if (place == NULL || hit->uid_validity != place->uid_validity)
    return TRUE; /* the numbers were given anew, and say nothing any more */
  if (place->uid != 0)
    return hit->message->uid == place->uid;
  return hit->message->uid >= place->uid_next;
}

/**
 * ac_quarantine_find:
 * @hits: (element-type AcQuarantineHit):
 * @folder: (nullable): only there
 * @place: (nullable): only what came to this place
 * @found: (out) (nullable) (transfer none): a message that no copy of any receipt is yet, and that
 *   is the one that is meant, byte for byte; claimed
 */
gboolean
ac_quarantine_find (AcQuarantineBatch *batch,
                    GPtrArray *hits,
                    const char *folder,
                    const AcMailPlace *place,
                    guint32 size,
                    gint64 date,
                    const char *sha256,
                    AcQuarantineHit **found,
                    GError **error)
{
  *found = NULL;
  for (guint i = 0; sha256 != NULL && i < hits->len; i++)
    {
      AcQuarantineHit *hit = hits->pdata[i];
      gboolean is;

      if (!may_be_at (hit, folder, place))
        continue;
      if (!ac_quarantine_hit_is (batch, hit, size, date, sha256, &is, error))
        return FALSE;
      if (!is)
        continue;
      hit->is_claimed = TRUE;
      *found = hit;
      return TRUE;
    }
  return TRUE;
}

/**
 * ac_quarantine_find_source:
 *
 * Returns: (nullable): the copy where it was before it was touched; claimed.
 */
AcQuarantineHit *
ac_quarantine_find_source (AcQuarantineWork *work, const AcQuarantineCopy *copy)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcQuarantineHit *hit = work->hits->pdata[i];

      if (hit->is_claimed || !ac_imap_name_equal (hit->folder, copy->folder) ||
          hit->message->size != copy->size || hit->message->date != copy->date ||
          (hit->uid_validity == copy->uid_validity && hit->message->uid != copy->uid))
        continue;
      hit->is_claimed = TRUE;
      return hit;
    }
  return NULL;
}

/**
 * ac_quarantine_remove_hit:
 *
 * Takes one message away that was seen, byte for byte, in another place.
 */
gboolean
ac_quarantine_remove_hit (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error)
{
  if (!ac_quarantine_account_open (hit->account, hit->folder, TRUE, error))
    return FALSE;
  if (hit->account->state.uid_validity != hit->uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  return ac_imap_transfer_remove (hit->account->connection, &hit->message->uid, 1, error);
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
}
