/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quarantine: looks at each file, writes down what it is and where it goes, moves it, looks again.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "responders/ac-device-batch.h"
#include "responders/ac-device-path.h"

/* Digits of the action in the name of what is kept: two actions may be about the same contents. */
#define ACTION_DIGITS 16

static char *
kept_name (const AcDeviceWork *work)
{
  g_autofree char *digest =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, work->task->action_id, -1);

  return g_strdup_printf ("%s-%.*s", work->sha256, ACTION_DIGITS, digest);
}

/* Where the path leads. Fails with AC_DEVICE_ERROR_NO_FILE where the folder is not there. */
static char *
resolve_place (AcDeviceBatch *batch, const AcDeviceWork *work, GError **error)
{
  g_autofree char *folder = ac_device_path_dup_folder (work->path);
  g_autofree char *resolved = ac_device_sftp_resolve (batch->sftp, folder, error);

  if (resolved == NULL)
    return NULL;
  return ac_device_path_join (resolved, ac_device_path_get_name (work->path));
}

static void
refuse_kept (AcDeviceWork *work)
{
  ac_device_work_fail (work, FALSE, "“%s” lies in the quarantine folder. Nothing was done.",
                       work->shown);
}

/* By the name that the configuration has for it; see choose_folder() for others. */
static gboolean
is_in_quarantine (AcDeviceBatch *batch, const char *place)
{
  for (char **folder = batch->config->quarantine_folders; *folder != NULL; folder++)
    if (g_str_has_prefix (place, *folder) && place[strlen (*folder)] == '/')
      return TRUE;
  return FALSE;
}

/* What stands at the place is the file that is meant, and holds still; else the work is done. */
static gboolean
check_file (AcDeviceBatch *batch,
            AcDeviceWork *work,
            const char *place,
            AcDeviceAttributes *attributes,
            GError **error)
{
  AcDeviceAttributes again;
  AcDeviceSight sight;
  GError *problem = NULL;

  if (is_in_quarantine (batch, place))
    {
      refuse_kept (work);
      return TRUE;
    }
  if (!ac_device_batch_see_new (batch, place, work->sha256, &sight, attributes, &problem) ||
      (sight == AC_DEVICE_THE_FILE && !ac_device_sftp_look (batch->sftp, place, &again, &problem)))
    {
      g_autofree char *what = g_strdup_printf ("The file at “%s” could not be read", work->shown);

      return ac_device_work_blame (work, problem, what, error);
    }
  switch (sight)
    {
    case AC_DEVICE_NOTHING:
      ac_device_work_end (work, AC_OUTCOME_NOT_FOUND, "There is no file at “%s” any more.",
                          work->shown);
      break;
    case AC_DEVICE_NO_FILE:
      ac_device_work_fail (work, FALSE,
                           "At “%s” stands %s and not the file that the verdict is about. Nothing "
                           "was done.",
                           work->shown, ac_device_kind_for_people (attributes->mode));
      break;
    case AC_DEVICE_ANOTHER_FILE:
      ac_device_work_fail (
          work, FALSE,
          "The file at “%s” is not the one that the verdict is about any more: its "
          "contents are others. Nothing was done.",
          work->shown);
      break;
    case AC_DEVICE_THE_FILE:
    default:
      if (!ac_device_attributes_equal (attributes, &again))
        ac_device_work_fail (work, TRUE, "The file at “%s” was changed while it was looked at.",
                             work->shown);
      break;
    }
  return TRUE;
}

/* The first folder on the file system of the file, else the first of all. */
static gboolean
choose_folder (AcDeviceBatch *batch,
               AcDeviceWork *work,
               const char *place,
               const AcDeviceFolder **folder,
               gboolean *is_copy,
               GError **error)
{
  g_autofree char *parent = ac_device_path_dup_folder (place);
  AcDeviceFileSystem file_system;
  GError *problem = NULL;

  *folder = NULL;
  *is_copy = FALSE;
  if (!ac_device_batch_open_folders (batch, error))
    return FALSE;
  if (batch->folders->len == 0)
    {
      ac_device_work_fail (work, FALSE, "%s Nothing was done.", batch->folder_problem);
      return TRUE;
    }
  for (guint i = 0; i < batch->folders->len; i++)
    if (strcmp (((const AcDeviceFolder *)batch->folders->pdata[i])->path, parent) == 0)
      {
        refuse_kept (work);
        return TRUE;
      }
  *folder = batch->folders->pdata[0];
  if (!ac_device_sftp_get_file_system (batch->sftp, parent, &file_system, &problem))
    {
      /* A device that does not tell: the rename will show it. */
      if (!ac_device_error_is_of_file (problem))
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
      g_error_free (problem);
      return TRUE;
    }
  if (file_system.is_read_only)
    {
      ac_device_work_fail (work, FALSE,
                           "“%s” lies on a file system that is mounted read-only, so it cannot be "
                           "moved. Nothing was done.",
                           work->shown);
      return TRUE;
    }
  *is_copy = TRUE;
  for (guint i = 0; i < batch->folders->len && *is_copy; i++)
    {
      const AcDeviceFolder *candidate = batch->folders->pdata[i];

      if (!candidate->has_file_system || candidate->file_system.id == file_system.id)
        {
          *folder = candidate;
          *is_copy = FALSE;
        }
    }
  return TRUE;
}

/* Nothing was begun, or nothing is left of it: what is there, and where is it to go? */
static gboolean
look_anew (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  g_autofree char *place = NULL;
  g_autofree char *name = kept_name (work);
  g_autofree char *kept = NULL;
  const AcDeviceFolder *folder;
  AcDeviceAttributes attributes;
  AcDeviceAttributes other;
  AcDeviceReceipt *receipt;
  GError *problem = NULL;
  gboolean is_copy;

  place = resolve_place (batch, work, &problem);
  if (place == NULL)
    {
      g_autofree char *what = NULL;

      if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
        {
          g_error_free (problem);
          ac_device_work_end (work, AC_OUTCOME_NOT_FOUND,
                              "There is no file at “%s” any more: its folder is gone too.",
                              work->shown);
          return TRUE;
        }
      what = g_strdup_printf ("The folder of “%s” could not be looked at", work->shown);
      return ac_device_work_blame (work, problem, what, error);
    }
  if (!check_file (batch, work, place, &attributes, error) ||
      (!work->is_done && !choose_folder (batch, work, place, &folder, &is_copy, error)))
    return FALSE;
  if (work->is_done)
    return TRUE;

  kept = ac_device_path_join (folder->path, name);
  if (ac_device_sftp_look (batch->sftp, kept, &other, &problem))
    {
      ac_device_work_fail (work, FALSE,
                           "In the quarantine folder of the device already lies “%s”, of which "
                           "nothing was noted. Nothing was done.",
                           kept);
      return TRUE;
    }
  if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, problem, "The quarantine folder cannot be looked into",
                                 error);
  g_error_free (problem);
  receipt = ac_device_receipt_new ();
  receipt->place = g_steal_pointer (&place);
  receipt->kept = g_steal_pointer (&kept);
  receipt->sha256 = g_strdup (work->sha256);
  receipt->was = attributes;
  g_clear_pointer (&work->receipt, ac_device_receipt_free);
  work->receipt = receipt;
  work->may_be_gone = FALSE;
  ac_device_work_set_state (work, AC_DEVICE_MOVING);
  return !is_copy || ac_device_copy_prepare (batch, work, error);
}

/* The file is in quarantine, seen and hashed. */
static gboolean
end_move (AcDeviceBatch *batch, AcDeviceWork *work, gboolean other_stands_there, GError **error)
{
  const char *other =
      other_stands_there ? " Something else stands at its path now, and was left." : "";
  GError *problem = NULL;

  ac_device_work_set_state (work, AC_DEVICE_MOVED);
  if (ac_device_sftp_set_mode (batch->sftp, work->receipt->kept, 0, &problem))
    {
      ac_device_work_end (work, AC_OUTCOME_MOVED,
                          "Moved from “%s” to the quarantine folder, without permissions.%s",
                          work->shown, other);
      return TRUE;
    }
  if (!ac_device_error_is_of_file (problem))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    {
      /* Another look tells where it is. */
      g_error_free (problem);
      ac_device_work_set_state (work, AC_DEVICE_MOVING);
      ac_device_work_fail (work, TRUE,
                           "“%s” was moved to the quarantine folder, and is not there any more.",
                           work->shown);
      return TRUE;
    }
  ac_device_work_end (work, AC_OUTCOME_MOVED,
                      "Moved from “%s” to the quarantine folder, which only the service may open; "
                      "its permissions could not be taken away (%s).%s",
                      work->shown, problem->message, other);
  g_error_free (problem);
  return TRUE;
}

/* What was moved is not what was seen before: somebody was quicker. */
static gboolean
move_back (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  GError *problem = NULL;

  if (ac_device_sftp_rename (batch->sftp, work->receipt->kept, work->receipt->place, &problem))
    {
      work->may_be_gone = FALSE;
      ac_device_work_fail (work, TRUE,
                           "What stands at “%s” was changed while it was being moved, and was put "
                           "back.",
                           work->shown);
      return TRUE;
    }
  if (!ac_device_error_is_of_file (problem))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  g_error_free (problem);
  ac_device_work_fail (
      work, FALSE,
      "What stood at “%s” was changed while it was being moved, and something else "
      "has taken its place; it lies in the quarantine folder as “%s”.",
      work->shown, work->receipt->kept);
  return TRUE;
}

/* Of two names of the file that in its place goes; what has taken the place meanwhile stays. */
static gboolean
remove_first_name (AcDeviceBatch *batch,
                   const AcDeviceReceipt *receipt,
                   const AcDeviceAttributes *kept,
                   AcDeviceSight *place,
                   GError **error)
{
  AcDeviceAttributes now;
  g_autoptr (GError) problem = NULL;

  *place = AC_DEVICE_NOTHING;
  if (ac_device_sftp_look (batch->sftp, receipt->place, &now, &problem))
    {
      if (!ac_device_attributes_equal (&now, kept))
        {
          *place = AC_DEVICE_ANOTHER_FILE;
          return TRUE;
        }
      if (ac_device_sftp_remove (batch->sftp, receipt->place, &problem))
        return TRUE;
    }
  if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Something lies in quarantine where the receipt says that the file was to go. */
static gboolean
settle_kept (AcDeviceBatch *batch,
             AcDeviceWork *work,
             AcDeviceSight kept_sight,
             const AcDeviceAttributes *kept,
             GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes place;
  AcDeviceSight place_sight = AC_DEVICE_NOTHING;
  GError *problem = NULL;

  if (kept_sight != AC_DEVICE_THE_FILE)
    return move_back (batch, work, error);
  if (!ac_device_batch_see (batch, receipt, receipt->place, &place_sight, &place, &problem))
    {
      if (!ac_device_error_is_of_file (problem))
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
      g_error_free (problem);
      place_sight = AC_DEVICE_ANOTHER_FILE;
    }
  /* The device was cut off between the second name and the end of the first one. */
  if (place_sight == AC_DEVICE_THE_FILE && ac_device_attributes_equal (&place, kept))
    {
      if (!ac_device_batch_wait (batch, error))
        return FALSE;
      if (!ac_device_sftp_look (batch->sftp, receipt->kept, &place, &problem))
        return ac_device_work_blame (work, problem,
                                     "What lies in the quarantine folder has changed", error);
      if (!remove_first_name (batch, receipt, kept, &place_sight, &problem))
        return ac_device_work_blame (work, problem, "The file could not be taken from its place",
                                     error);
    }
  return end_move (batch, work, place_sight != AC_DEVICE_NOTHING, error);
}

/* It is neither in its place nor in quarantine, though both folders are there. */
static void
end_vanished (AcDeviceWork *work)
{
  work->may_be_gone = FALSE;
  ac_device_work_end (work, AC_OUTCOME_NOT_FOUND,
                      "The file at “%s” is not there any more: somebody else has removed it.",
                      work->shown);
}

/* The receipt says that a rename was begun. */
static gboolean
settle_moving (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceAttributes kept;
  AcDeviceSight sight;
  GError *problem = NULL;

  if (!ac_device_batch_see_kept (batch, work->receipt, &sight, &kept, &problem))
    return ac_device_work_blame (work, problem, "What lies in the quarantine folder cannot be read",
                                 error);
  if (sight != AC_DEVICE_NOTHING)
    return settle_kept (batch, work, sight, &kept, error);
  if (!look_anew (batch, work, error))
    return FALSE;
  if (!work->is_done)
    return TRUE;
  /* The rename may have been carried out between the two looks. */
  if (!ac_device_batch_see_kept (batch, work->receipt, &sight, &kept, &problem))
    {
      ac_device_work_reopen (work);
      return ac_device_work_blame (work, problem,
                                   "What lies in the quarantine folder cannot be read", error);
    }
  if (sight == AC_DEVICE_NOTHING && work->task->outcome == AC_OUTCOME_NOT_FOUND)
    {
      ac_device_work_reopen (work);
      if (!ac_device_batch_check_disks (batch, work, error))
        return FALSE;
      if (!work->is_done)
        end_vanished (work);
      return TRUE;
    }
  if (sight == AC_DEVICE_NOTHING)
    {
      work->may_be_gone = FALSE;
      ac_device_work_note_part (work);
      return TRUE;
    }
  ac_device_work_reopen (work);
  return settle_kept (batch, work, sight, &kept, error);
}

/* Applied before: is it still there? */
static gboolean
settle_moved (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceAttributes kept;
  GError *problem = NULL;

  if (ac_device_sftp_look (batch->sftp, work->receipt->kept, &kept, &problem))
    {
      ac_device_work_end (work, AC_OUTCOME_MOVED, "Moved from “%s” to the quarantine folder.",
                          work->shown);
      return TRUE;
    }
  if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, problem, "The quarantine folder cannot be looked into",
                                 error);
  g_error_free (problem);
  if (!ac_device_batch_check_disks (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  ac_device_work_end (
      work, AC_OUTCOME_MOVED_BY_OTHER,
      "The file was moved from “%s” to the quarantine folder, and somebody else has "
      "taken it out of there since.",
      work->shown);
  return TRUE;
}

static gboolean
look (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  if (work->receipt == NULL)
    return look_anew (batch, work, error);
  if (work->receipt->state < AC_DEVICE_MOVED &&
      !ac_device_batch_check_kept_folder (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  switch (work->receipt->state)
    {
    case AC_DEVICE_MOVING:
      return settle_moving (batch, work, error);
    case AC_DEVICE_COPYING:
    case AC_DEVICE_REMOVING:
      return ac_device_copy_settle (batch, work, error);
    case AC_DEVICE_MOVED:
      return settle_moved (batch, work, error);
    case AC_DEVICE_RESTORING:
    case AC_DEVICE_RESTORED:
    default:
      ac_device_work_fail (work, FALSE, "This action was undone, and is not done again.");
      return TRUE;
    }
}

/* @problem: (transfer full): what the rename was answered */
static gboolean
explain_no_move (AcDeviceBatch *batch, AcDeviceWork *work, GError *problem, GError **error)
{
  g_autofree char *what = NULL;
  gboolean is_gone = g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE);
  AcDeviceAttributes kept;
  AcDeviceSight sight;

  if (!is_gone && !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
    {
      work->may_be_gone = !ac_device_error_is_of_file (problem);
      what = g_strdup_printf ("The file at “%s” could not be moved", work->shown);
      return ac_device_work_blame (work, problem, what, error);
    }
  g_clear_error (&problem);
  /* An earlier session may have asked for the same, and the device came to it only now. */
  if (!ac_device_batch_see_kept (batch, work->receipt, &sight, &kept, &problem))
    return ac_device_work_blame (work, problem, "What lies in the quarantine folder cannot be read",
                                 error);
  if (sight != AC_DEVICE_NOTHING)
    return settle_kept (batch, work, sight, &kept, error);
  if (is_gone)
    {
      if (!ac_device_batch_check_disks (batch, work, error))
        return FALSE;
      if (!work->is_done)
        end_vanished (work);
      return TRUE;
    }
  work->may_be_gone = FALSE;
  /* Refused is also a rename from one file system to another. */
  return ac_device_copy_prepare (batch, work, error) &&
         (work->is_done || (ac_device_batch_write_receipts (batch, error) &&
                            ac_device_copy_run (batch, work, error)));
}

static gboolean
move (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight sight;
  GError *problem = NULL;

  work->may_be_gone = TRUE;
  if (!ac_device_sftp_rename (batch->sftp, receipt->place, receipt->kept, &problem))
    return explain_no_move (batch, work, problem, error);
  if (!ac_device_batch_see_kept (batch, receipt, &sight, &attributes, &problem))
    return ac_device_work_blame (work, problem, "What was moved to quarantine cannot be read",
                                 error);
  if (sight != AC_DEVICE_THE_FILE)
    return move_back (batch, work, error);
  return end_move (batch, work, FALSE, error);
}

/**
 * ac_device_apply:
 *
 * Looks at the files of the works whose turn it is, writes down what is to be done, and does it.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_device_apply (AcDeviceBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_device_batch_next (batch);

  for (guint i = 0; i < works->len; i++)
    {
      batch->current = works->pdata[i];
      if (!look (batch, batch->current, error))
        return FALSE;
    }
  batch->current = NULL;
  if (!ac_device_batch_write_receipts (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcDeviceWork *work = works->pdata[i];

      if (work->is_done)
        continue;
      batch->current = work;
      if (!(work->receipt->is_copy ? ac_device_copy_run (batch, work, error)
                                   : move (batch, work, error)))
        return FALSE;
    }
  batch->current = NULL;
  return ac_device_batch_write_receipts (batch, error);
}
