/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-batch.h"

/* Message-IDs in one search: more make the server's work no shorter. */
#define IDS_A_SEARCH 50
/* Messages in one FETCH, so that a Message-ID that is part of all others costs no more memory. */
#define UIDS_A_FETCH 1000
/* How long a server may take to end a move whose client is gone. */
#define SETTLE_MS 1000

static void
hit_free (AcMailHit *hit)
{
  ac_imap_message_free (hit->message);
  g_free (hit);
}

static void
work_free (AcMailWork *work)
{
  g_free (work->only_folder);
  g_clear_pointer (&work->receipt, ac_mail_receipt_free);
  g_ptr_array_unref (work->hits);
  g_ptr_array_unref (work->kept);
  g_ptr_array_unref (work->problems);
  g_free (work->vanished_from);
  g_free (work->seen_in);
  g_free (work);
}

static void
refuse (AcMailWork *work, const char *why)
{
  ac_task_set_failed (work->task, FALSE, "%s", why);
  work->is_done = TRUE;
}

static AcMailWork *
work_new (AcTask *task)
{
  AcMailWork *work = g_new0 (AcMailWork, 1);
  g_autoptr (JsonObject) entity = ac_entity_to_json (task->entity);
  const char *folder = ac_entity_get_string (task->entity, "folder");
  g_autoptr (GError) problem = NULL;

  work->task = task;
  work->hits = g_ptr_array_new ();
  work->kept = g_ptr_array_new ();
  work->problems = g_ptr_array_new_with_free_func (g_free);
  work->message_id = ac_entity_get_string (task->entity, "messageId");
  /* Owned by the entity, which the task holds. */
  work->only_copies = ac_json_get_array (entity, "copies");
  if (folder != NULL)
    work->only_folder = ac_imap_name_encode (folder);
  if (task->receipt != NULL)
    work->receipt = ac_mail_receipt_new_from_json (task->receipt, &problem);
  else
    work->receipt = ac_mail_receipt_new ();
  if (work->receipt == NULL)
    {
      g_autofree char *why = g_strdup_printf ("%s Nothing was done.", problem->message);

      refuse (work, why);
    }
  else if (work->message_id == NULL || *work->message_id == '\0')
    refuse (work, "The action names no Message-ID, so the message cannot be found.");
  else if (strpbrk (work->message_id, "\r\n") != NULL)
    refuse (work, "The action's Message-ID holds a line break; no message can have it.");
  return work;
}

/* Whether some copy is between two places, as far as the receipts know. */
static gboolean
has_begun (AcMailBatch *batch)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      const AcMailWork *work = batch->works->pdata[i];

      if (!work->is_done && (ac_mail_receipt_count (work->receipt, AC_MAIL_COPY_MOVING) > 0 ||
                             ac_mail_receipt_count (work->receipt, AC_MAIL_COPY_RESTORING) > 0))
        return TRUE;
    }
  return FALSE;
}

/**
 * ac_mail_batch_new:
 * @tasks: (element-type AcTask): outlive the batch; those that cannot be carried out are given
 * their outcome at once
 */
AcMailBatch *
ac_mail_batch_new (const AcMailConfig *config,
                   const char *mailbox,
                   GPtrArray *tasks,
                   AcReceiptSink sink,
                   gpointer sink_data,
                   GCancellable *cancellable)
{
  AcMailBatch *batch = g_new0 (AcMailBatch, 1);

  batch->config = config;
  batch->mailbox = mailbox;
  batch->sink = sink;
  batch->sink_data = sink_data;
  g_set_object (&batch->cancellable, cancellable);
  batch->works = g_ptr_array_new_with_free_func ((GDestroyNotify)work_free);
  batch->hits = g_ptr_array_new_with_free_func ((GDestroyNotify)hit_free);
  batch->unread = ac_mail_unread_new ();
  for (guint i = 0; i < tasks->len; i++)
    g_ptr_array_add (batch->works, work_new (tasks->pdata[i]));
  batch->may_be_under_way = has_begun (batch);
  return batch;
}

void
ac_mail_batch_free (AcMailBatch *batch)
{
  ac_mail_batch_disconnect (batch);
  g_ptr_array_unref (batch->works);
  g_ptr_array_unref (batch->hits);
  g_ptr_array_unref (batch->unread);
  g_clear_object (&batch->cancellable);
  g_free (batch);
}

void
ac_mail_batch_disconnect (AcMailBatch *batch)
{
  if (batch->connection != NULL)
    ac_imap_connection_log_out (batch->connection);
  g_clear_pointer (&batch->connection, ac_imap_connection_free);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
  batch->may_be_under_way = has_begun (batch);
}

/**
 * ac_mail_batch_let_settle:
 *
 * Waits where a move may still be under way in a session whose client is gone: a server goes on
 * with what it was told, and some (Dovecot with maildir) let two moves of one message both succeed,
 * so that it is there twice.
 */
gboolean
ac_mail_batch_let_settle (AcMailBatch *batch, GError **error)
{
  if (!batch->may_be_under_way)
    return TRUE;
  batch->may_be_under_way = FALSE;
  batch->was_resumed = TRUE;
  return ac_responder_wait (SETTLE_MS, batch->cancellable, error);
}

/**
 * ac_mail_batch_look_for_surplus:
 * @works: (element-type AcMailWork):
 * @finds_kept: in the recoverable folder instead of in the owner's
 *
 * Where a move was begun by a session that is gone, that one may have done it all the same, and at
 * the same time: sees what is there now, with nothing claimed.
 */
gboolean
ac_mail_batch_look_for_surplus (AcMailBatch *batch,
                                GPtrArray *works,
                                gboolean finds_kept,
                                GError **error)
{
  for (guint i = 0; i < works->len; i++)
    {
      AcMailWork *work = works->pdata[i];

      g_ptr_array_set_size (finds_kept ? work->kept : work->hits, 0);
    }
  return ac_responder_wait (SETTLE_MS, batch->cancellable, error) &&
         (finds_kept ? ac_mail_batch_look_in_recoverable (batch, works, error)
                     : ac_mail_batch_look_in_folders (batch, works, error));
}

static gboolean
is_foreign (const char *folder, GStrv prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (folder, prefixes[i]))
      return TRUE;
  return FALSE;
}

/**
 * ac_mail_batch_connect:
 *
 * Logs in where there is no connection, and forgets what an earlier look has seen.
 */
gboolean
ac_mail_batch_connect (AcMailBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) folders = NULL;
  g_auto (GStrv) foreign = NULL;

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcMailWork *work = batch->works->pdata[i];

      g_ptr_array_set_size (work->hits, 0);
      g_ptr_array_set_size (work->kept, 0);
      g_ptr_array_set_size (work->problems, 0);
      work->problem_is_transient = FALSE;
    }
  g_ptr_array_set_size (batch->hits, 0);
  g_ptr_array_set_size (batch->unread, 0);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
  batch->has_recoverable = FALSE;
  batch->wants_another_look = FALSE;

  if (batch->connection == NULL)
    batch->connection =
        ac_mail_config_connect (batch->config, batch->mailbox, batch->cancellable, error);
  if (batch->connection == NULL ||
      (foreign = ac_imap_client_list_foreign_prefixes (batch->connection, error)) == NULL ||
      (folders = ac_imap_client_list (batch->connection, error)) == NULL)
    return FALSE;
  for (guint i = folders->len; i > 0; i--)
    {
      const AcImapFolder *folder = folders->pdata[i - 1];

      if (ac_imap_name_equal (folder->name, batch->config->recoverable))
        batch->has_recoverable = folder->selectable;
      else if (folder->selectable && !folder->is_view && !is_foreign (folder->name, foreign) &&
               g_utf8_validate (folder->name, -1, NULL))
        continue;
      g_ptr_array_remove_index (folders, i - 1);
    }
  batch->folders = g_steal_pointer (&folders);
  return TRUE;
}

/**
 * ac_mail_batch_has_folder:
 *
 * Returns: whether the owner has such a folder.
 */
gboolean
ac_mail_batch_has_folder (AcMailBatch *batch, const char *folder)
{
  for (guint i = 0; i < batch->folders->len; i++)
    if (ac_imap_name_equal (((const AcImapFolder *)batch->folders->pdata[i])->name, folder))
      return TRUE;
  return FALSE;
}

/**
 * ac_mail_batch_open_recoverable:
 *
 * Opens the recoverable folder, which is made where it is missing, and notes its UIDVALIDITY and
 * UIDNEXT. It is not subscribed: nobody's mail program is to show it.
 */
gboolean
ac_mail_batch_open_recoverable (AcMailBatch *batch, gboolean writable, GError **error)
{
  const char *folder = batch->config->recoverable;

  if (!batch->has_recoverable && !ac_imap_client_create (batch->connection, folder, error))
    {
      g_autofree char *name = ac_imap_name_for_people (folder);

      g_prefix_error (error, "The folder “%s” could not be made. ", name);
      return FALSE;
    }
  batch->has_recoverable = TRUE;
  return ac_imap_client_select (batch->connection, folder, writable, &batch->recoverable, error);
}

/* Which works are about which Message-ID: two actions may be about the same. */
static GHashTable *
works_by_id (GPtrArray *works)
{
  GHashTable *by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < works->len; i++)
    {
      AcMailWork *work = works->pdata[i];
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

/* A Message-ID is the sender's text: whoever writes a second message with it must not have that one
 * moved along, where it is known which ones are meant. */
static gboolean
is_meant (const AcMailWork *work, const AcImapMessage *message)
{
  for (guint i = 0; work->only_copies != NULL && i < json_array_get_length (work->only_copies); i++)
    {
      JsonObject *copy = ac_json_element_object (work->only_copies, i, "copies", NULL);

      if (copy != NULL && ac_json_get_integer (copy, "size", -1) == message->size &&
          ac_json_get_time (copy, "date") == message->date)
        return TRUE;
    }
  return work->only_copies == NULL;
}

/* Takes up a message whose whole Message-ID is one that is looked for; the server has found others
 * as well, since it compares parts and without case. */
static void
take_message (AcMailBatch *batch,
              GHashTable *by_id,
              const char *folder,
              guint32 uid_validity,
              gboolean is_recoverable,
              AcImapMessage *message)
{
  AcMailHit *hit = g_new0 (AcMailHit, 1);

  hit->folder = folder;
  hit->uid_validity = uid_validity;
  hit->message = message;
  g_ptr_array_add (batch->hits, hit);
  for (guint i = 0; message->message_ids[i] != NULL; i++)
    {
      GPtrArray *works = g_hash_table_lookup (by_id, message->message_ids[i]);

      for (guint k = 0; works != NULL && k < works->len; k++)
        {
          AcMailWork *work = works->pdata[k];
          GPtrArray *seen = is_recoverable ? work->kept : work->hits;

          /* A message may have the same header twice. */
          if (is_meant (work, message) && !g_ptr_array_find (seen, hit, NULL))
            g_ptr_array_add (seen, hit);
        }
    }
}

/* Searches the open folder. */
static gboolean
look (AcMailBatch *batch,
      GPtrArray *works,
      const char *folder,
      guint32 uid_validity,
      gboolean is_recoverable,
      GError **error)
{
  g_autoptr (GHashTable) by_id = works_by_id (works);
  g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array (by_id, NULL);
  guint n_ids = g_hash_table_size (by_id);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint from = 0; from < n_ids; from += IDS_A_SEARCH)
    {
      guint n = MIN (IDS_A_SEARCH, n_ids - from);
      g_autofree const char **some = g_new0 (const char *, n + 1);
      g_autoptr (GArray) uids = NULL;

      memcpy (some, ids + from, n * sizeof *some);
      uids = ac_imap_client_search_message_ids (batch->connection, some, error);
      if (uids == NULL)
        return FALSE;
      for (guint at = 0; at < uids->len; at += UIDS_A_FETCH)
        {
          g_autoptr (GPtrArray) messages =
              ac_imap_client_fetch (batch->connection, &g_array_index (uids, guint32, at),
                                    MIN (UIDS_A_FETCH, uids->len - at), error);

          if (messages == NULL)
            return FALSE;
          g_ptr_array_set_free_func (messages, NULL);
          for (guint i = 0; i < messages->len; i++)
            {
              AcImapMessage *message = messages->pdata[i];

              /* Found by two searches, or told twice. */
              if (g_hash_table_add (seen, GUINT_TO_POINTER (message->uid)))
                take_message (batch, by_id, folder, uid_validity, is_recoverable, message);
              else
                ac_imap_message_free (message);
            }
        }
    }
  return TRUE;
}

/**
 * ac_mail_batch_look_in_recoverable:
 * @works: (element-type AcMailWork): whose messages to look for
 *
 * Fills the list "kept" of each work; leaves it empty where there is no recoverable folder.
 */
gboolean
ac_mail_batch_look_in_recoverable (AcMailBatch *batch, GPtrArray *works, GError **error)
{
  if (!batch->has_recoverable || works->len == 0)
    return TRUE;
  return ac_mail_batch_open_recoverable (batch, FALSE, error) &&
         look (batch, works, batch->config->recoverable, batch->recoverable.uid_validity, TRUE,
               error);
}

/* Half a look at a folder is none. */
static void
forget_folder (GPtrArray *works, const char *folder)
{
  for (guint i = 0; i < works->len; i++)
    {
      GPtrArray *hits = ((AcMailWork *)works->pdata[i])->hits;

      for (guint k = hits->len; k > 0; k--)
        if (((AcMailHit *)hits->pdata[k - 1])->folder == folder)
          g_ptr_array_remove_index (hits, k - 1);
    }
}

/**
 * ac_mail_batch_look_in_folders:
 * @works: (element-type AcMailWork): whose messages to look for
 *
 * Fills the list "hits" of each work. A folder that the server does not let us look into is noted
 * as unread.
 */
gboolean
ac_mail_batch_look_in_folders (AcMailBatch *batch, GPtrArray *works, GError **error)
{
  for (guint i = 0; works->len > 0 && i < batch->folders->len; i++)
    {
      const AcImapFolder *folder = batch->folders->pdata[i];
      AcImapFolderState state;
      GError *problem = NULL;

      if (ac_imap_client_select (batch->connection, folder->name, FALSE, &state, &problem) &&
          look (batch, works, folder->name, state.uid_validity, FALSE, &problem))
        continue;
      forget_folder (works, folder->name);
      /* Deleted since it was listed. */
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        g_error_free (problem);
      else if (!ac_mail_unread_take (batch->unread, folder->name, batch->folders->len,
                                     batch->connection, problem, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ac_mail_batch_leaves:
 *
 * Returns: whether the copy is, or may be, in a folder that could not be looked at: then nobody
 *   knows what became of it, and it is left as its receipt has it.
 */
gboolean
ac_mail_batch_leaves (AcMailBatch *batch, const AcMailCopy *copy)
{
  return (copy->state == AC_MAIL_COPY_MOVING || copy->state == AC_MAIL_COPY_RESTORING) &&
         ac_mail_unread_has (batch->unread, copy->folder);
}

static void
add_problem_cb (gpointer work, const char *what, const GError *error)
{
  ac_mail_work_add_problem (work, what, error);
}

/**
 * ac_mail_batch_say_unread:
 * @only_folder: (nullable): the only one that matters
 *
 * Adds to the problems of a work that some folders could not be looked at.
 */
void
ac_mail_batch_say_unread (AcMailBatch *batch, AcMailWork *work, const char *only_folder)
{
  ac_mail_unread_say (batch->unread, only_folder, add_problem_cb, work);
}

/**
 * ac_mail_batch_write_receipts:
 *
 * Hands the receipts that have changed to the sink.
 *
 * Returns: %TRUE when all of them are on disk.
 */
gboolean
ac_mail_batch_write_receipts (AcMailBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcMailWork *work = batch->works->pdata[i];

      if (!work->is_unwritten)
        continue;
      g_clear_pointer (&work->task->receipt, json_object_unref);
      work->task->receipt = ac_mail_receipt_to_json (work->receipt);
      g_ptr_array_add (tasks, work->task);
    }
  if (!ac_tasks_write_receipts (tasks, batch->sink, batch->sink_data, error))
    {
      batch->sink_has_failed = TRUE;
      return FALSE;
    }
  for (guint i = 0; i < batch->works->len; i++)
    ((AcMailWork *)batch->works->pdata[i])->is_unwritten = FALSE;
  return TRUE;
}

/**
 * ac_mail_batch_was_overtaken:
 * @problem: (transfer full) if %TRUE is returned: why the server refused
 *
 * Returns: whether it refused because somebody else has just deleted or moved a message or a
 *   folder. Then nothing is wrong; another look shows what there is now.
 */
gboolean
ac_mail_batch_was_overtaken (AcMailBatch *batch, GError *problem)
{
  if (!g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) &&
      !g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    return FALSE;
  batch->wants_another_look = TRUE;
  g_error_free (problem);
  return TRUE;
}

/**
 * ac_mail_batch_unfinished:
 *
 * Returns: (transfer container) (element-type AcMailWork): the works that have no outcome yet.
 */
GPtrArray *
ac_mail_batch_unfinished (AcMailBatch *batch)
{
  GPtrArray *works = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    if (!((AcMailWork *)batch->works->pdata[i])->is_done)
      g_ptr_array_add (works, batch->works->pdata[i]);
  return works;
}

/**
 * ac_mail_batch_steps:
 *
 * Returns: (transfer full) (element-type AcMailStep): the copies of unfinished works that are in
 *   this state, but for those that this run leaves.
 */
GPtrArray *
ac_mail_batch_steps (AcMailBatch *batch, AcMailCopyState state)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcMailWork *work = batch->works->pdata[i];

      for (guint k = 0; !work->is_done && k < work->receipt->copies->len; k++)
        {
          AcMailCopy *copy = work->receipt->copies->pdata[k];

          if (copy->state == state && !ac_mail_batch_leaves (batch, copy))
            {
              AcMailStep *step = g_new0 (AcMailStep, 1);

              step->work = work;
              step->copy = copy;
              g_ptr_array_add (steps, step);
            }
        }
    }
  return steps;
}

/**
 * ac_mail_steps_find:
 * @steps: (element-type AcMailStep):
 * @find: ac_mail_work_find_source() and the like
 * @finds_kept: whether it looks in the recoverable folder
 * @origin: only for copies whose origin, at the other end of the move, was seen or was not
 *
 * Looks each copy up among what was seen, and claims it. Copies of one message are alike, so the
 * order matters: first those whose origin is gone, for they must have arrived; what then is left at
 * the destination of a copy that is still at its origin too, is one too many.
 */
void
ac_mail_steps_find (GPtrArray *steps, AcMailFind find, gboolean finds_kept, AcMailOrigin origin)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];
      AcMailHit **seen = finds_kept ? &step->kept : &step->there;
      gboolean is_at_origin = (finds_kept ? step->there : step->kept) != NULL;

      if (origin != AC_MAIL_ORIGIN_ANY && is_at_origin != (origin == AC_MAIL_ORIGIN_SEEN))
        continue;
      *seen = find (step->work, step->copy);
      if (*seen != NULL)
        (*seen)->is_claimed = TRUE;
    }
}

/**
 * ac_mail_steps_take_folder:
 * @steps: (element-type AcMailStep): those that are taken leave it
 *
 * Returns: (transfer full) (element-type AcMailStep): at most @limit steps, all about one folder.
 */
GPtrArray *
ac_mail_steps_take_folder (GPtrArray *steps, gsize limit)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *left = g_ptr_array_new ();

  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];
      const AcMailStep *first = taken->len > 0 ? taken->pdata[0] : step;

      g_ptr_array_add (
          taken->len < limit && ac_imap_name_equal (step->copy->folder, first->copy->folder) ? taken
                                                                                             : left,
          step);
    }
  g_ptr_array_set_free_func (steps, NULL);
  g_ptr_array_set_size (steps, 0);
  g_ptr_array_extend_and_steal (steps, left);
  g_ptr_array_set_free_func (steps, g_free);
  return taken;
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  const AcMailCopy *left = (*(AcMailStep *const *)a)->copy;
  const AcMailCopy *right = (*(AcMailStep *const *)b)->copy;

  return (left->uid > right->uid) - (left->uid < right->uid);
}

static int
compare_kept_uids (gconstpointer a, gconstpointer b)
{
  const AcMailCopy *left = (*(AcMailStep *const *)a)->copy;
  const AcMailCopy *right = (*(AcMailStep *const *)b)->copy;

  return (left->kept.uid > right->kept.uid) - (left->kept.uid < right->kept.uid);
}

/**
 * ac_mail_steps_uids:
 * @steps: (element-type AcMailStep): put into the order of the UIDs
 * @of_kept: in the recoverable folder instead of in their own
 *
 * Returns: (transfer full): the UIDs in rising order.
 */
guint32 *
ac_mail_steps_uids (GPtrArray *steps, gboolean of_kept)
{
  guint32 *uids = g_new (guint32, steps->len);

  g_ptr_array_sort (steps, of_kept ? compare_kept_uids : compare_uids);
  for (guint i = 0; i < steps->len; i++)
    {
      const AcMailCopy *copy = ((const AcMailStep *)steps->pdata[i])->copy;

      uids[i] = of_kept ? copy->kept.uid : copy->uid;
    }
  return uids;
}

/**
 * ac_mail_batch_see_again:
 * @uids: (array length=n_uids): in rising order, each once
 *
 * Returns: (transfer full) (nullable) (element-type AcImapMessage): those that are still in the open
 * folder; %NULL: it could not be seen.
 */
GPtrArray *
ac_mail_batch_see_again (AcMailBatch *batch, const guint32 *uids, gsize n_uids)
{
  if (ac_imap_connection_is_lost (batch->connection))
    return NULL;
  return ac_imap_client_fetch (batch->connection, uids, n_uids, NULL);
}

/**
 * ac_mail_work_note_part:
 *
 * Notes on a task that has failed whether a copy was moved all the same, or may have been: undo
 * then looks where it is.
 */
void
ac_mail_work_note_part (AcMailWork *work)
{
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      const AcMailCopy *copy = work->receipt->copies->pdata[i];

      if (copy->state == AC_MAIL_COPY_MOVED ||
          (copy->state == AC_MAIL_COPY_MOVING && copy->may_be_gone))
        work->task->did_part = TRUE;
    }
  work->task->did_nothing = !work->task->did_part;
}

/**
 * ac_mail_work_add_problem:
 * @what: what was tried, as a sentence with a full stop
 *
 * Notes why a part of the work could not be done.
 */
void
ac_mail_work_add_problem (AcMailWork *work, const char *what, const GError *error)
{
  g_autofree char *text = g_strdup_printf ("%s %s", what, error->message);

  if (work->problems->len == 0)
    work->problem_is_transient = TRUE;
  work->problem_is_transient = work->problem_is_transient && ac_imap_error_is_transient (error);
  if (!g_ptr_array_find_with_equal_func (work->problems, text, g_str_equal, NULL))
    g_ptr_array_add (work->problems, g_steal_pointer (&text));
}
