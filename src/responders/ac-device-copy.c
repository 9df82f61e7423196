/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the quarantine folder is on another file system, a file cannot be renamed into it:
 *
 *   quarantine                                   undo
 *   1. receipt: what it is                       1. receipt: it goes back
 *   2. copy, on the disk of the device, hashed   2. copy beside its place with owner, mode and
 *   3. receipt: the copy is good                    times, on disk, hashed; attributes
 *   4. the file is set aside, beside its place,  3. rename into its place, which must be free
 *      and hashed there: what is removed is      4. seen and hashed there
 *      what was copied                           5. the copy in quarantine is removed
 *   5. it is removed                             6. receipt: restored
 *   6. receipt: moved
 *
 * A copy keeps contents only. What else there is, is noted in the receipt. */
#include "config.h"

#include <sys/stat.h>

#include "responders/ac-device-batch.h"
#include "responders/ac-device-path.h"

/* Looks at what only commands on the device can see; without them it is left out, or the work ends.
 */
static gboolean
note_extra (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  GError *problem = NULL;

  work->receipt->extra = ac_device_extra_look (batch->connection, work->receipt->place, &problem);
  if (work->receipt->extra != NULL)
    {
      if (work->receipt->extra->n_names > 1)
        ac_device_work_fail (work, FALSE,
                             "The file at “%s” has %" G_GUINT64_FORMAT
                             " names (hard links), and the quarantine folder is on another file "
                             "system: a copy would leave it under the other names, and undo could "
                             "not join them again. Nothing was done; name a quarantine folder on "
                             "the file's own file system.",
                             work->shown, work->receipt->extra->n_names);
      return TRUE;
    }
  if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNSUPPORTED))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (!batch->config->copies_without_attributes)
    ac_device_work_fail (
        work, FALSE,
        "“%s” is on another file system than the quarantine folder, so it would "
        "have to be copied, and %s: its extended attributes, access control lists "
        "and further names cannot be seen, and undo could not bring them back. "
        "Nothing was done; name a quarantine folder on the file's own file system, "
        "or set copies-without-attributes.",
        work->shown, problem->message);
  g_error_free (problem);
  return TRUE;
}

/**
 * ac_device_copy_prepare:
 *
 * Makes a copy of what was to be a rename, or says why it may not be: before anything is done.
 */
gboolean
ac_device_copy_prepare (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  if (!ac_device_sftp_can_sync (batch->sftp))
    ac_device_work_fail (
        work, FALSE,
        "“%s” is on another file system than the quarantine folder, so it would "
        "have to be copied, and the device cannot say when a copy is on its disk. "
        "Nothing was done; name a quarantine folder on the file's own file system.",
        work->shown);
  else if (!note_extra (batch, work, error))
    return FALSE;
  if (work->is_done)
    {
      work->is_unwritten = FALSE;
      return TRUE;
    }
  work->receipt->is_copy = TRUE;
  ac_device_work_set_state (work, AC_DEVICE_COPYING);
  return TRUE;
}

/* The file is in its place, and nothing of it in quarantine: who tries again begins anew. */
static void
begin_anew (AcDeviceWork *work)
{
  work->receipt->is_copy = FALSE;
  ac_device_work_set_state (work, AC_DEVICE_MOVING);
}

/* The file is in its place, and what was made of it in quarantine goes. */
static void
drop_copy (AcDeviceBatch *batch, AcDeviceWork *work)
{
  g_autoptr (GError) problem = NULL;

  work->may_be_gone = FALSE;
  if (ac_device_sftp_remove (batch->sftp, work->receipt->kept, &problem) ||
      g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    begin_anew (work);
  else
    ac_device_work_set_state (work, AC_DEVICE_COPYING);
}

/* The file is still in its place; a copy that is not good, or not wanted, goes. */
static gboolean
give_up (AcDeviceBatch *batch,
         AcDeviceWork *work,
         GError *problem,
         const char *what,
         GError **error)
{
  if (ac_device_error_is_of_file (problem))
    drop_copy (batch, work);
  return ac_device_work_blame (work, problem, what, error);
}

/* How it has left its place, as far as was seen. */
typedef enum
{
  REMOVED_NOW,
  REMOVED_BEFORE, /* it is gone, and may have been removed by a run that was cut off */
  REMOVED_BY_OTHER,
} Removal;

/* The copy is good, and the file is not in its place: gone, unless its disk is. */
static gboolean
end_copy (AcDeviceBatch *batch,
          AcDeviceWork *work,
          Removal removal,
          gboolean other_stands_there,
          GError **error)
{
  if (removal != REMOVED_NOW && !ac_device_batch_check_disks (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  ac_device_work_set_state (work, AC_DEVICE_MOVED);
  ac_device_work_end (
      work, AC_OUTCOME_MOVED,
      "Copied to the quarantine folder, which is on another file system%s “%s”.%s%s",
      removal == REMOVED_NOW      ? ", and removed from"
      : removal == REMOVED_BEFORE ? ", and gone from"
                                  : "; somebody else has removed it from",
      work->shown,
      work->receipt->extra == NULL ? " Undo cannot bring back its extended attributes and access "
                                     "control lists, if it had any."
                                   : "",
      other_stands_there ? " Something else stands at its path now, and was left." : "");
  return TRUE;
}

/* The copy is good and the receipt says so: the file leaves its place. */
static gboolean
remove_original (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  const char *no_removal = "The file could not be taken from its place";
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight sight;
  g_autoptr (GError) refusal = NULL;
  GError *problem = NULL;

  if (!ac_device_sftp_rename (batch->sftp, receipt->place, receipt->aside, &refusal) &&
      !g_error_matches (refusal, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE) &&
      !g_error_matches (refusal, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
    return give_up (batch, work, g_steal_pointer (&refusal), no_removal, error);
  /* Where it was gone, or a name was taken, an earlier session may have set it aside. */
  if (refusal != NULL && !ac_device_batch_wait (batch, error))
    return FALSE;
  if (!ac_device_batch_see (batch, receipt, receipt->aside, &sight, &attributes, &problem))
    return ac_device_work_blame (work, problem, "What was set aside cannot be read", error);
  if (g_error_matches (refusal, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
    {
      if (sight == AC_DEVICE_NOTHING)
        return give_up (batch, work, g_steal_pointer (&refusal), no_removal, error);
      ac_device_work_fail (work, TRUE, "%s: something else lies beside it.", no_removal);
      return TRUE;
    }
  if (sight == AC_DEVICE_NOTHING)
    return end_copy (batch, work, REMOVED_BEFORE, FALSE, error);
  if (sight != AC_DEVICE_THE_FILE)
    {
      if (ac_device_sftp_rename (batch->sftp, receipt->aside, receipt->place, &problem))
        {
          drop_copy (batch, work);
          ac_device_work_fail (work, TRUE,
                               "What stands at “%s” was changed while it was being copied, and was "
                               "left.",
                               work->shown);
          return TRUE;
        }
      return ac_device_work_blame (work, problem,
                                   "What stood at the path was changed meanwhile, and could not be "
                                   "put back from beside it",
                                   error);
    }
  if (!ac_device_sftp_remove (batch->sftp, receipt->aside, &problem))
    return ac_device_work_blame (work, problem, "The file, set aside, could not be removed", error);
  return end_copy (batch, work, REMOVED_NOW, FALSE, error);
}

static gboolean
note_removal (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  if (work->receipt->aside == NULL)
    work->receipt->aside = ac_device_receipt_dup_aside_name (work->receipt);
  ac_device_work_set_state (work, AC_DEVICE_REMOVING);
  work->may_be_gone = TRUE;
  return ac_device_batch_write_receipts (batch, error) && remove_original (batch, work, error);
}

/**
 * ac_device_copy_run:
 *
 * Copies what the receipt says is to be copied, and removes it from its place.
 */
gboolean
ac_device_copy_run (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight sight;
  GError *problem = NULL;

  if (!ac_device_sftp_copy (batch->sftp, receipt->place, receipt->kept, receipt->was.size, NULL,
                            &problem))
    return give_up (batch, work, problem, "The file could not be copied to the quarantine folder",
                    error);
  if (!ac_device_batch_see (batch, receipt, receipt->kept, &sight, &attributes, &problem))
    return give_up (batch, work, problem, "The copy in the quarantine folder cannot be read",
                    error);
  if (sight != AC_DEVICE_THE_FILE)
    {
      ac_device_sftp_remove (batch->sftp, receipt->kept, NULL);
      ac_device_work_fail (work, TRUE,
                           "The file at “%s” was changed while it was being copied, and was left.",
                           work->shown);
      return TRUE;
    }
  /* Who may not do this now may not do it at undo either. */
  if ((attributes.owner != receipt->was.owner || attributes.group != receipt->was.group) &&
      !ac_device_sftp_set_owner (batch->sftp, receipt->kept, receipt->was.owner, receipt->was.group,
                                 &problem))
    return give_up (batch, work, problem,
                    "The file belongs to somebody whose files the service may copy but could not "
                    "give back, so it was left",
                    error);
  if (!ac_device_sftp_set_mode (batch->sftp, receipt->kept, 0, &problem))
    return give_up (batch, work, problem, "The permissions of the copy could not be taken away",
                    error);
  return note_removal (batch, work, error);
}

/* Cut off while the copy was made: the file is still in its place, unless somebody has removed it.
 */
static gboolean
settle_copying (AcDeviceBatch *batch,
                AcDeviceWork *work,
                AcDeviceSight kept,
                AcDeviceSight place,
                GError **error)
{
  GError *problem = NULL;

  if (place == AC_DEVICE_THE_FILE)
    {
      if (kept == AC_DEVICE_NOTHING ||
          ac_device_sftp_remove (batch->sftp, work->receipt->kept, &problem))
        return TRUE;
      return ac_device_work_blame (work, problem, "A copy that was begun could not be removed",
                                   error);
    }
  if (kept == AC_DEVICE_THE_FILE)
    return end_copy (batch, work, REMOVED_BY_OTHER, place != AC_DEVICE_NOTHING, error);
  if (place == AC_DEVICE_NOTHING && !ac_device_batch_check_disks (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  if (kept != AC_DEVICE_NOTHING &&
      !ac_device_sftp_remove (batch->sftp, work->receipt->kept, &problem))
    return ac_device_work_blame (work, problem, "A copy that was begun could not be removed",
                                 error);
  if (place == AC_DEVICE_NOTHING)
    ac_device_work_end (work, AC_OUTCOME_NOT_FOUND,
                        "The file at “%s” has vanished: somebody else has removed it.",
                        work->shown);
  else
    ac_device_work_fail (work, FALSE,
                         "What stands at “%s” is not the file that the verdict is about any more. "
                         "Nothing was done.",
                         work->shown);
  return TRUE;
}

/* There is no copy, or no good one, though one was made. */
static gboolean
say_no_copy (AcDeviceBatch *batch,
             AcDeviceWork *work,
             AcDeviceSight kept,
             gboolean was_put_back,
             AcDeviceSight place,
             GError **error)
{
  if (!was_put_back && place != AC_DEVICE_THE_FILE)
    {
      ac_device_work_fail (work, TRUE,
                           "“%s” is not in its place, and no good copy of it is in the quarantine "
                           "folder now: that may be on a disk that is not there.",
                           work->shown);
      return TRUE;
    }
  work->may_be_gone = FALSE;
  /* A copy that comes back with its disk is still to be known. */
  if (kept == AC_DEVICE_NOTHING && !ac_device_batch_check_disks (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  if (kept == AC_DEVICE_NOTHING)
    begin_anew (work);
  if (was_put_back)
    ac_device_work_fail (work, TRUE,
                         "The copy of “%s” in the quarantine folder was changed, or the file was; "
                         "the file was put back.",
                         work->shown);
  else
    ac_device_work_fail (
        work, TRUE,
        "The copy of “%s” in the quarantine folder was changed or removed; the file "
        "is in its place.",
        work->shown);
  return TRUE;
}

/* Cut off while the file was removed: the copy is good. */
static gboolean
settle_removing (AcDeviceBatch *batch,
                 AcDeviceWork *work,
                 AcDeviceSight kept,
                 AcDeviceSight place,
                 GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight aside;
  GError *problem = NULL;

  if (!ac_device_batch_see (batch, receipt, receipt->aside, &aside, &attributes, &problem))
    return ac_device_work_blame (work, problem, "What was set aside cannot be read", error);
  if (kept != AC_DEVICE_THE_FILE || (aside != AC_DEVICE_NOTHING && aside != AC_DEVICE_THE_FILE))
    {
      /* Somebody has been at the copy, or what was set aside is another file: back with it. */
      if (aside != AC_DEVICE_NOTHING &&
          !ac_device_sftp_rename (batch->sftp, receipt->aside, receipt->place, &problem))
        return ac_device_work_blame (work, problem, "What was set aside could not be put back",
                                     error);
      return say_no_copy (batch, work, kept, aside != AC_DEVICE_NOTHING, place, error);
    }
  if (aside == AC_DEVICE_THE_FILE && !ac_device_sftp_remove (batch->sftp, receipt->aside, &problem))
    return ac_device_work_blame (work, problem, "The file, set aside, could not be removed", error);
  if (aside == AC_DEVICE_NOTHING && place == AC_DEVICE_THE_FILE)
    return remove_original (batch, work, error);
  /* A second name of the file that was set aside is the file too. */
  if (aside == AC_DEVICE_THE_FILE && place == AC_DEVICE_THE_FILE)
    return remove_original (batch, work, error);
  return end_copy (batch, work, aside == AC_DEVICE_THE_FILE ? REMOVED_NOW : REMOVED_BEFORE,
                   place != AC_DEVICE_NOTHING, error);
}

/**
 * ac_device_copy_settle:
 *
 * Finds out how far a copy has come that was begun before. What is still to be done, of which the
 * receipt says COPYING, is left to ac_device_copy_run().
 */
gboolean
ac_device_copy_settle (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight kept;
  AcDeviceSight place;
  GError *problem = NULL;

  if (!ac_device_batch_see_kept (batch, receipt, &kept, &attributes, &problem) ||
      !ac_device_batch_see (batch, receipt, receipt->place, &place, &attributes, &problem))
    return ac_device_work_blame (work, problem, "The file or its copy cannot be read", error);
  if (receipt->state == AC_DEVICE_COPYING)
    return settle_copying (batch, work, kept, place, error);
  return settle_removing (batch, work, kept, place, error);
}

static gboolean
is_dressed (AcDeviceBatch *batch,
            const AcDeviceReceipt *receipt,
            const char *path,
            gboolean *is,
            GError **error)
{
  g_autoptr (AcDeviceExtra) extra = NULL;
  AcDeviceAttributes now;

  if (!ac_device_sftp_look (batch->sftp, path, &now, error))
    return FALSE;
  *is = ac_device_attributes_equal (&now, &receipt->was);
  if (!*is || receipt->extra == NULL)
    return TRUE;
  extra = ac_device_extra_look (batch->connection, path, error);
  if (extra == NULL)
    return FALSE;
  *is = ac_device_extra_is_back (extra, receipt->extra);
  return TRUE;
}

/* What lies where a file was set aside. */
static gboolean
see_aside (AcDeviceBatch *batch, AcDeviceWork *work, AcDeviceSight *sight, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  GError *problem = NULL;

  *sight = AC_DEVICE_NOTHING;
  if (receipt->aside == NULL ||
      ac_device_batch_see (batch, receipt, receipt->aside, sight, &attributes, &problem))
    return TRUE;
  if (!ac_device_error_is_of_file (problem))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  g_error_free (problem);
  *sight = AC_DEVICE_NO_READING;
  return TRUE;
}

/**
 * ac_device_copy_check_aside:
 *
 * Before undo: where the file was about to be removed, what was set aside may be something that its
 * owner has put at the place meanwhile, and of which there is no copy; nor is there one of the file
 * itself where its copy is gone.
 */
gboolean
ac_device_copy_check_aside (AcDeviceBatch *batch,
                            AcDeviceWork *work,
                            AcDeviceSight kept,
                            GError **error)
{
  AcDeviceSight sight;
  g_autofree char *shown = NULL;

  if (work->receipt->state != AC_DEVICE_REMOVING)
    return TRUE;
  if (!see_aside (batch, work, &sight, error))
    return FALSE;
  if (sight == AC_DEVICE_NOTHING || (sight == AC_DEVICE_THE_FILE && kept == AC_DEVICE_THE_FILE))
    return TRUE;
  shown = ac_device_path_for_people (work->receipt->aside);
  if (sight == AC_DEVICE_THE_FILE)
    ac_device_work_fail (work, FALSE,
                         "The file is not in the quarantine folder any more, but lies beside its "
                         "place “%s” as “%s”. Nothing was done; move it back by hand.",
                         work->shown, shown);
  else
    ac_device_work_fail (
        work, FALSE,
        "What stood at “%s” was changed while the file was being quarantined, and "
        "the newer one lies beside it as “%s”. Nothing was done; move that to where "
        "it belongs, then try again.",
        work->shown, shown);
  return TRUE;
}

/* The file itself, which was set aside and not removed, is in quarantine too. Anything else that
 * lies there is left: of an undo that an earlier version has begun it may be a part of a copy. */
static gboolean
clear_aside (AcDeviceBatch *batch, AcDeviceWork *work, gboolean *is_left, GError **error)
{
  AcDeviceSight sight;
  GError *problem = NULL;

  *is_left = FALSE;
  if (!see_aside (batch, work, &sight, error))
    return FALSE;
  if (sight == AC_DEVICE_THE_FILE &&
      !ac_device_sftp_remove (batch->sftp, work->receipt->aside, &problem) &&
      !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, problem, "The file, set aside, could not be removed", error);
  g_clear_error (&problem);
  *is_left = sight != AC_DEVICE_NOTHING && sight != AC_DEVICE_THE_FILE;
  return TRUE;
}

static gboolean
make_copy_beside (AcDeviceBatch *batch,
                  AcDeviceWork *work,
                  const char *back,
                  gboolean *is_good,
                  GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight sight = AC_DEVICE_NOTHING;
  GError *problem = NULL;

  /* A part of a copy, left by a run that was cut off. */
  if (!ac_device_sftp_remove (batch->sftp, back, &problem) &&
      !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, problem, "A copy that was begun could not be removed",
                                 error);
  g_clear_error (&problem);
  *is_good = FALSE;
  if (ac_device_sftp_set_mode (batch->sftp, receipt->kept, 0400, &problem) &&
      ac_device_sftp_copy (batch->sftp, receipt->kept, back, receipt->was.size, &receipt->was,
                           &problem) &&
      ac_device_batch_see (batch, receipt, back, &sight, &attributes, &problem) &&
      sight == AC_DEVICE_THE_FILE &&
      (receipt->extra == NULL ||
       ac_device_extra_bring_back (batch->connection, back, receipt->extra, &problem)) &&
      is_dressed (batch, receipt, back, is_good, &problem) && *is_good)
    return TRUE;
  if (problem == NULL)
    g_set_error (&problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                 sight == AC_DEVICE_THE_FILE
                     ? "owner, mode, times or attributes could not be set as they were"
                     : "the copy is not the same");
  if (ac_device_error_is_of_file (problem))
    {
      ac_device_sftp_remove (batch->sftp, back, NULL);
      ac_device_sftp_set_mode (batch->sftp, receipt->kept, 0, NULL);
    }
  *is_good = FALSE;
  return ac_device_work_blame (
      work, problem,
      "The file could not be copied back from the quarantine folder, where "
      "it stays",
      error);
}

/**
 * ac_device_copy_back:
 *
 * Copies a file that lies in quarantine, and is good, back to its place, which is free.
 */
gboolean
ac_device_copy_back (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes attributes;
  AcDeviceSight sight;
  g_autofree char *back = ac_device_receipt_dup_back_name (receipt);
  g_autofree char *left = NULL;
  GError *problem = NULL;
  gboolean is_good = FALSE;
  gboolean is_left;

  if (!make_copy_beside (batch, work, back, &is_good, error))
    return FALSE;
  if (!is_good)
    return TRUE;
  /* Only now: until then it may be the last one that can be read. */
  if (!clear_aside (batch, work, &is_left, error))
    return FALSE;
  if (work->is_done)
    {
      ac_device_sftp_remove (batch->sftp, back, NULL);
      ac_device_sftp_set_mode (batch->sftp, receipt->kept, 0, NULL);
      return TRUE;
    }
  if (!ac_device_sftp_rename (batch->sftp, back, receipt->place, &problem))
    {
      gboolean is_back = FALSE;
      g_autoptr (GError) trouble = NULL;

      if (ac_device_error_is_of_file (problem))
        {
          /* An earlier session may have asked for the same, and the device came to it only now. */
          if (!ac_device_batch_wait (batch, &trouble) ||
              (!is_dressed (batch, receipt, receipt->place, &is_back, &trouble) &&
               !ac_device_error_is_of_file (trouble)))
            {
              g_error_free (problem);
              g_propagate_error (error, g_steal_pointer (&trouble));
              return FALSE;
            }
          ac_device_sftp_remove (batch->sftp, back, NULL);
        }
      if (!is_back)
        return ac_device_work_blame (
            work, problem,
            "The file could not be put back into its place, and stays in the "
            "quarantine folder",
            error);
      g_clear_error (&problem);
    }
  if (!ac_device_batch_see (batch, receipt, receipt->place, &sight, &attributes, &problem))
    return ac_device_work_blame (work, problem, "What was put back cannot be read", error);
  if (sight != AC_DEVICE_THE_FILE)
    {
      ac_device_work_fail (work, FALSE,
                           "What was put back to “%s” was changed at once; the file stays in the "
                           "quarantine folder too.",
                           work->shown);
      return TRUE;
    }
  if (!ac_device_sftp_remove (batch->sftp, receipt->kept, &problem))
    return ac_device_work_blame (work, problem,
                                 "The file is back in its place, but its copy in the quarantine "
                                 "folder could not be removed",
                                 error);
  ac_device_work_set_state (work, AC_DEVICE_RESTORED);
  if (is_left)
    {
      g_autofree char *shown = ac_device_path_for_people (receipt->aside);

      left = g_strdup_printf (" Something else lies beside it as “%s”, and was left.", shown);
    }
  ac_device_work_end (
      work, AC_OUTCOME_RESTORED, "Copied back to “%s”, with owner, mode%s.%s", work->shown,
      receipt->extra != NULL ? ", times and attributes" : " and times to the second",
      left != NULL ? left : "");
  return TRUE;
}
