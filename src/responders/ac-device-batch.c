/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "responders/ac-device-batch.h"
#include "responders/ac-device-path.h"

/* Made and removed in a quarantine folder. */
#define PROBE ".action-center-probe"

/* How long a device is given to end what a session that is gone had asked for. */
#define SETTLE_MS 1000

static void
work_free (AcDeviceWork *work)
{
  g_free (work->path);
  g_free (work->shown);
  g_free (work->sha256);
  g_clear_pointer (&work->receipt, ac_device_receipt_free);
  g_free (work);
}

static void
folder_free (AcDeviceFolder *folder)
{
  g_free (folder->path);
  g_free (folder);
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64;
}

static AcDeviceWork *
work_new (AcTask *task)
{
  AcDeviceWork *work = g_new0 (AcDeviceWork, 1);
  const char *sha256 = ac_entity_get_string (task->entity, "sha256");
  g_autoptr (GError) problem = NULL;

  work->task = task;
  work->path = ac_device_path_from_entity (task->entity, &problem);
  if (work->path == NULL)
    {
      ac_device_work_fail (work, FALSE, "%s Nothing was done.", problem->message);
      return work;
    }
  work->shown = ac_device_path_for_people (work->path);
  if (!is_sha256 (sha256))
    {
      ac_device_work_fail (work, FALSE,
                           "The action names no whole SHA-256, so nobody can tell whether the file "
                           "at “%s” is the one that is meant. Nothing was done.",
                           work->shown);
      return work;
    }
  work->sha256 = g_ascii_strdown (sha256, -1);
  if (task->receipt == NULL)
    return work;
  work->receipt = ac_device_receipt_new_from_json (task->receipt, &problem);
  if (work->receipt == NULL)
    ac_device_work_fail (work, FALSE, "%s Nothing was done.", problem->message);
  else
    work->may_be_gone = work->receipt->state == AC_DEVICE_MOVING ||
                        work->receipt->state == AC_DEVICE_REMOVING ||
                        work->receipt->state == AC_DEVICE_MOVED;
  return work;
}

/* Whether some file is between two places, as far as the receipts know. */
static gboolean
has_begun (AcDeviceBatch *batch)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      const AcDeviceWork *work = batch->works->pdata[i];

      if (!work->is_done && work->receipt != NULL && work->receipt->state != AC_DEVICE_MOVED &&
          work->receipt->state != AC_DEVICE_RESTORED)
        return TRUE;
    }
  return FALSE;
}

/**
 * ac_device_batch_new:
 * @tasks: (element-type AcTask): outlive the batch; those that cannot be carried out are given
 * their outcome at once
 */
AcDeviceBatch *
ac_device_batch_new (const AcDeviceConfig *config,
                     const char *device,
                     GPtrArray *tasks,
                     AcReceiptSink sink,
                     gpointer sink_data,
                     GCancellable *cancellable)
{
  AcDeviceBatch *batch = g_new0 (AcDeviceBatch, 1);

  batch->config = config;
  batch->device = device;
  batch->sink = sink;
  batch->sink_data = sink_data;
  g_set_object (&batch->cancellable, cancellable);
  batch->works = g_ptr_array_new_with_free_func ((GDestroyNotify)work_free);
  for (guint i = 0; i < tasks->len; i++)
    g_ptr_array_add (batch->works, work_new (tasks->pdata[i]));
  batch->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  batch->may_be_under_way = has_begun (batch);
  return batch;
}

void
ac_device_batch_free (AcDeviceBatch *batch)
{
  ac_device_batch_disconnect (batch);
  g_ptr_array_unref (batch->works);
  g_hash_table_unref (batch->owners);
  g_clear_object (&batch->cancellable);
  g_free (batch);
}

void
ac_device_batch_disconnect (AcDeviceBatch *batch)
{
  g_clear_pointer (&batch->sftp, ac_device_sftp_free);
  g_clear_pointer (&batch->connection, ac_device_connection_free);
  g_clear_pointer (&batch->folders, g_ptr_array_unref);
  g_clear_pointer (&batch->folder_problem, g_free);
  g_hash_table_remove_all (batch->owners);
  batch->current = NULL;
  batch->may_be_under_way = has_begun (batch);
}

/**
 * ac_device_batch_let_settle:
 *
 * Waits where a request may still be under way in a session whose client is gone: a device carries
 * out what it was told, and what was looked at before that is not so any more.
 */
gboolean
ac_device_batch_let_settle (AcDeviceBatch *batch, GError **error)
{
  if (!batch->may_be_under_way)
    return TRUE;
  batch->may_be_under_way = FALSE;
  return ac_device_batch_wait (batch, error);
}

/**
 * ac_device_batch_wait:
 *
 * Where a file has two names, a rename may be just between making one and taking the other, and
 * takes back the new one where the old one is gone by then (OpenSSH). Only who looks again after
 * this may take one away.
 */
gboolean
ac_device_batch_wait (AcDeviceBatch *batch, GError **error)
{
  return ac_responder_wait (SETTLE_MS, batch->cancellable, error);
}

/**
 * ac_device_batch_connect:
 *
 * Logs in where there is no connection.
 */
gboolean
ac_device_batch_connect (AcDeviceBatch *batch, GError **error)
{
  if (batch->connection == NULL)
    batch->connection =
        ac_device_config_connect (batch->config, batch->device, batch->cancellable, error);
  if (batch->connection != NULL && batch->sftp == NULL)
    batch->sftp = ac_device_sftp_new (batch->connection, error);
  return batch->sftp != NULL;
}

/* --- the quarantine folders --- */

/* Whose folder it is may put links there, which the device follows where the service sets modes and
 * owners. Permissions do not tell: somebody else may have made it before the service did.
 *
 * @folder: as it was seen before */
static gboolean
check_owner (AcDeviceBatch *batch,
             const char *path,
             const AcDeviceAttributes *folder,
             GError **error)
{
  g_autofree char *probe = ac_device_path_join (path, PROBE);
  g_autoptr (GError) problem = NULL;
  guint32 user;

  if (!ac_device_sftp_find_user (batch->sftp, probe, &user, &problem))
    {
      if (ac_device_error_is_of_file (problem))
        g_prefix_error (&problem,
                        "nothing can be made in it, so that nobody can say whose it is: ");
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (user == folder->owner)
    return TRUE;
  g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
               "it belongs to somebody else, the user with the number %" G_GUINT32_FORMAT
               "; look who has made it, and name another one or run chown on it",
               folder->owner);
  return FALSE;
}

static gboolean
open_folder (AcDeviceBatch *batch, AcDeviceFolder *folder, GError **error)
{
  AcDeviceAttributes attributes;
  g_autofree char *shown = ac_device_path_for_people (folder->path);
  g_autofree char *resolved = NULL;
  g_autoptr (GError) problem = NULL;

  if (!ac_device_sftp_look (batch->sftp, folder->path, &attributes, &problem) &&
      g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    {
      g_clear_error (&problem);
      ac_device_sftp_make_folder (batch->sftp, folder->path, 0700, &problem);
      /* Somebody else may have made it at the same moment, which is told as a refusal. */
      if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
        g_clear_error (&problem);
      if (problem == NULL &&
          !ac_device_sftp_look (batch->sftp, folder->path, &attributes, &problem) &&
          g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
        {
          g_clear_error (&problem);
          g_set_error (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED, "it could not be made");
        }
    }
  if (problem == NULL && !S_ISDIR (attributes.mode))
    g_set_error (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED, "it is no folder");
  else if (problem == NULL && (attributes.mode & 077) != 0)
    g_set_error (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                 "others may look into it; run chmod 700 on it");
  if (problem == NULL)
    resolved = ac_device_sftp_resolve (batch->sftp, folder->path, &problem);
  if (problem == NULL && check_owner (batch, resolved, &attributes, &problem))
    {
      g_free (folder->path);
      folder->path = g_steal_pointer (&resolved);
      folder->has_file_system = ac_device_sftp_get_file_system (batch->sftp, folder->path,
                                                                &folder->file_system, &problem);
      if (problem != NULL && ac_device_error_is_of_file (problem))
        g_clear_error (&problem);
    }
  if (problem == NULL)
    return TRUE;
  if (ac_device_error_is_of_file (problem))
    {
      g_free (batch->folder_problem);
      batch->folder_problem = g_strdup_printf (
          "The quarantine folder “%s” of the device cannot be used: %s.", shown, problem->message);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * ac_device_batch_open_folders:
 *
 * Looks at the quarantine folders once a connection, and makes those that are missing. Those that
 * cannot be used are left out; the problem of the last one is noted.
 */
gboolean
ac_device_batch_open_folders (AcDeviceBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) folders = NULL;

  if (batch->folders != NULL)
    return TRUE;
  folders = g_ptr_array_new_with_free_func ((GDestroyNotify)folder_free);
  for (char **path = batch->config->quarantine_folders; *path != NULL; path++)
    {
      AcDeviceFolder *folder = g_new0 (AcDeviceFolder, 1);
      g_autofree char *before = g_steal_pointer (&batch->folder_problem);

      folder->path = g_strdup (*path);
      g_ptr_array_add (folders, folder);
      if (!open_folder (batch, folder, error))
        return FALSE;
      if (batch->folder_problem != NULL)
        g_ptr_array_remove_index (folders, folders->len - 1);
      else
        batch->folder_problem = g_steal_pointer (&before);
    }
  batch->folders = g_steal_pointer (&folders);
  return TRUE;
}

/**
 * ac_device_batch_check_kept_folder:
 *
 * The same for a folder that a receipt names, before anything is done in it by that name: it may
 * have been made by somebody else before anybody looked, or be another one now.
 */
gboolean
ac_device_batch_check_kept_folder (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  g_autofree char *folder = ac_device_path_dup_folder (work->receipt->kept);
  g_autofree char *shown = ac_device_path_for_people (folder);
  const char *known = g_hash_table_lookup (batch->owners, folder);
  AcDeviceAttributes attributes;
  g_autoptr (GError) problem = NULL;

  if (known == NULL)
    {
      if (ac_device_sftp_look (batch->sftp, folder, &attributes, &problem))
        {
          if (!S_ISDIR (attributes.mode))
            g_set_error (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED, "it is no folder");
          else
            check_owner (batch, folder, &attributes, &problem);
        }
      /* Where there is none, nothing lies in it. */
      if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
        return TRUE;
      if (problem != NULL && !ac_device_error_is_of_file (problem))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      known = problem != NULL ? problem->message : "";
      g_hash_table_insert (batch->owners, g_strdup (folder), g_strdup (known));
    }
  if (*known != '\0')
    ac_device_work_fail (work, FALSE,
                         "The quarantine folder “%s” of the device cannot be used: %s. Nothing was "
                         "done now.",
                         shown, known);
  return TRUE;
}

/* --- receipts --- */

/**
 * ac_device_batch_write_receipts:
 *
 * Hands the receipts that have changed to the sink.
 *
 * Returns: %TRUE when all of them are on disk.
 */
gboolean
ac_device_batch_write_receipts (AcDeviceBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcDeviceWork *work = batch->works->pdata[i];

      if (!work->is_unwritten)
        continue;
      g_clear_pointer (&work->task->receipt, json_object_unref);
      work->task->receipt = ac_device_receipt_to_json (work->receipt);
      g_ptr_array_add (tasks, work->task);
    }
  if (!ac_tasks_write_receipts (tasks, batch->sink, batch->sink_data, error))
    {
      batch->sink_has_failed = TRUE;
      return FALSE;
    }
  for (guint i = 0; i < batch->works->len; i++)
    ((AcDeviceWork *)batch->works->pdata[i])->is_unwritten = FALSE;
  return !g_cancellable_set_error_if_cancelled (batch->cancellable, error);
}

/**
 * ac_device_batch_unfinished:
 *
 * Returns: (transfer container) (element-type AcDeviceWork): the works that have no outcome yet.
 */
GPtrArray *
ac_device_batch_unfinished (AcDeviceBatch *batch)
{
  GPtrArray *works = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    if (!((AcDeviceWork *)batch->works->pdata[i])->is_done)
      g_ptr_array_add (works, batch->works->pdata[i]);
  return works;
}

/**
 * ac_device_batch_next:
 *
 * One file that the device cannot read, on a file system that does not answer, must not hold up the
 * others: those at which no connection was lost come first, together, and then each by itself.
 *
 * Returns: (transfer container) (element-type AcDeviceWork): the works whose turn it is.
 */
GPtrArray *
ac_device_batch_next (AcDeviceBatch *batch)
{
  GPtrArray *works = ac_device_batch_unfinished (batch);
  AcDeviceWork *best = NULL;

  for (guint i = works->len; i > 0; i--)
    {
      AcDeviceWork *work = works->pdata[i - 1];

      if (best == NULL || work->n_losses <= best->n_losses)
        best = work;
    }
  for (guint i = works->len; i > 0; i--)
    {
      AcDeviceWork *work = works->pdata[i - 1];

      if (best->n_losses > 0 ? work != best : work->n_losses > 0)
        g_ptr_array_remove_index (works, i - 1);
    }
  return works;
}

/* --- one work --- */

/**
 * ac_device_work_end:
 * @format: what was seen, in a sentence for a person
 */
void
ac_device_work_end (AcDeviceWork *work, AcOutcome outcome, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ac_task_set_outcome (work->task, outcome, "%s", text);
  work->is_done = TRUE;
}

/**
 * ac_device_work_fail:
 * @transient: whether trying again later may help
 * @format: why, in a sentence for a person
 */
void
ac_device_work_fail (AcDeviceWork *work, gboolean transient, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ac_task_set_failed (work->task, transient, "%s", text);
  ac_device_work_note_part (work);
  work->is_done = TRUE;
}

/**
 * ac_device_work_note_part:
 *
 * Notes on a task that has failed whether the file was moved all the same, or may have been: undo
 * then looks where it is. Where a receipt cannot be read nobody knows.
 */
void
ac_device_work_note_part (AcDeviceWork *work)
{
  work->task->did_part = work->may_be_gone;
  work->task->did_nothing =
      !work->may_be_gone && (work->receipt != NULL || work->task->receipt == NULL);
}

/**
 * ac_device_work_blame:
 * @problem: (transfer full): what went wrong
 * @what: what could not be done, as the beginning of a sentence
 *
 * Returns: whether it was about this file only, which has its outcome now; else @problem is passed
 * on, because it stops the batch.
 */
gboolean
ac_device_work_blame (AcDeviceWork *work, GError *problem, const char *what, GError **error)
{
  if (!ac_device_error_is_of_file (problem))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  ac_device_work_fail (work, FALSE, "%s: %s.", what, problem->message);
  g_error_free (problem);
  return TRUE;
}

/**
 * ac_device_work_reopen:
 *
 * What was found out does not hold any more.
 */
void
ac_device_work_reopen (AcDeviceWork *work)
{
  work->task->outcome = AC_OUTCOME_UNKNOWN;
  work->task->transient = FALSE;
  g_clear_pointer (&work->task->detail, g_free);
  work->is_done = FALSE;
}

void
ac_device_work_set_state (AcDeviceWork *work, AcDeviceState state)
{
  work->receipt->state = state;
  work->is_unwritten = TRUE;
}

/* --- what is there --- */

static gboolean
see (AcDeviceBatch *batch,
     const char *path,
     const char *sha256,
     guint64 max_size,
     AcDeviceSight *sight,
     AcDeviceAttributes *attributes,
     GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GError) problem = NULL;

  *sight = AC_DEVICE_NOTHING;
  if (ac_device_sftp_look (batch->sftp, path, attributes, &problem))
    {
      *sight = AC_DEVICE_NO_FILE;
      if (!S_ISREG (attributes->mode))
        return TRUE;
      if (attributes->size > max_size)
        g_set_error_literal (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                             "it is larger than 64 GiB, and no file of that size is read");
      else
        hash = ac_device_sftp_hash (batch->sftp, path, attributes->size, &problem);
    }
  if (hash != NULL)
    *sight = g_str_equal (hash, sha256) ? AC_DEVICE_THE_FILE : AC_DEVICE_ANOTHER_FILE;
  else if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    *sight = AC_DEVICE_NOTHING;
  else
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/**
 * ac_device_batch_see_new:
 * @path: of a file of which nothing was begun
 * @sight: (out): what stands at @path
 * @attributes: (out): of it, as it was before it was read
 *
 * Returns: %FALSE with any AC_DEVICE_ERROR, also one that is about this file only.
 */
gboolean
ac_device_batch_see_new (AcDeviceBatch *batch,
                         const char *path,
                         const char *sha256,
                         AcDeviceSight *sight,
                         AcDeviceAttributes *attributes,
                         GError **error)
{
  return see (batch, path, sha256, AC_DEVICE_MAX_SIZE, sight, attributes, error);
}

/**
 * ac_device_batch_see:
 * @receipt: of the file that is looked for
 *
 * The same where the file was begun with, by an earlier version perhaps, which took larger ones.
 */
gboolean
ac_device_batch_see (AcDeviceBatch *batch,
                     const AcDeviceReceipt *receipt,
                     const char *path,
                     AcDeviceSight *sight,
                     AcDeviceAttributes *attributes,
                     GError **error)
{
  guint64 max_size = MAX (AC_DEVICE_MAX_SIZE, receipt->was.size);

  return see (batch, path, receipt->sha256, max_size, sight, attributes, error);
}

/**
 * ac_device_batch_see_kept:
 *
 * The same for what lies in quarantine, where nobody may read it: not the service either, unless it
 * is root there, so it gives itself the permission meanwhile.
 */
gboolean
ac_device_batch_see_kept (AcDeviceBatch *batch,
                          const AcDeviceReceipt *receipt,
                          AcDeviceSight *sight,
                          AcDeviceAttributes *attributes,
                          GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (ac_device_batch_see (batch, receipt, receipt->kept, sight, attributes, &problem))
    return TRUE;
  if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_DENIED) &&
      ac_device_sftp_set_mode (batch->sftp, receipt->kept, 0400, NULL))
    return ac_device_batch_see (batch, receipt, receipt->kept, sight, attributes, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Where the folder of a path is missing, the work fails. */
static gboolean
check_disk (AcDeviceBatch *batch, AcDeviceWork *work, const char *path, GError **error)
{
  g_autofree char *folder = ac_device_path_dup_folder (path);
  g_autofree char *shown = ac_device_path_for_people (folder);
  g_autoptr (GError) problem = NULL;
  AcDeviceAttributes attributes;

  if (ac_device_sftp_look (batch->sftp, folder, &attributes, &problem))
    return TRUE;
  if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, g_steal_pointer (&problem),
                                 "A folder that the file may be in cannot be looked at", error);
  ac_device_work_fail (work, TRUE,
                       "The folder “%s” is not on the device now, so that nobody can say where the "
                       "file from “%s” is: its disk may not be mounted.",
                       shown, work->shown);
  return TRUE;
}

/**
 * ac_device_batch_check_disks:
 *
 * Where a file that a receipt is about is not seen: gone is only what is missing in a folder that
 * is there. A disk that was taken out, or is not mounted yet, has taken its folders along. If so
 * the work fails.
 */
gboolean
ac_device_batch_check_disks (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  return check_disk (batch, work, work->receipt->kept, error) &&
         (work->is_done || check_disk (batch, work, work->receipt->place, error));
}

/**
 * ac_device_attributes_equal:
 *
 * Returns: whether all are the same but the time of access, which looking changes.
 */
gboolean
ac_device_attributes_equal (const AcDeviceAttributes *a, const AcDeviceAttributes *b)
{
  return a->size == b->size && a->owner == b->owner && a->group == b->group && a->mode == b->mode &&
         a->modified == b->modified;
}

/**
 * ac_device_kind_for_people:
 *
 * Returns: what something of this mode is.
 */
const char *
ac_device_kind_for_people (guint32 mode)
{
  if (S_ISLNK (mode))
    return "a symbolic link";
  if (S_ISDIR (mode))
    return "a folder";
  if (S_ISREG (mode))
    return "a file";
  if (S_ISFIFO (mode))
    return "a pipe";
  if (S_ISSOCK (mode))
    return "a socket";
  return "a device file";
}

static char *
dup_hidden_name (const AcDeviceReceipt *receipt, const char *prefix)
{
  g_autofree char *folder = ac_device_path_dup_folder (receipt->place);
  const char *kept = ac_device_path_get_name (receipt->kept);
  g_autofree char *name = g_strconcat (prefix, strrchr (kept, '-') + 1, NULL);

  return ac_device_path_join (folder, name);
}

/**
 * ac_device_receipt_dup_aside_name:
 *
 * Returns: (transfer full): a path beside the file's place that nobody else uses: what stood at the
 *   place goes there before it is removed, and that may be something newer.
 */
char *
ac_device_receipt_dup_aside_name (const AcDeviceReceipt *receipt)
{
  return dup_hidden_name (receipt, ".action-center-");
}

/**
 * ac_device_receipt_dup_back_name:
 *
 * Returns: (transfer full): another one, where a copy is made that goes back. Nothing but such a
 *   copy ever lies there.
 */
char *
ac_device_receipt_dup_back_name (const AcDeviceReceipt *receipt)
{
  return dup_hidden_name (receipt, ".action-center-back-");
}
