/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo: looks at what lies in quarantine and at its place, writes down that it goes back, puts it
 * there, and looks again. What stands at the place is never replaced.
 *
 * Whose folder it is may put a symbolic link there at any moment, and the device would follow it:
 * mode, owner and time are set while the file lies in quarantine, and only looked at afterwards. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "responders/ac-device-batch.h"
#include "responders/ac-device-path.h"

/* The folder may be a symbolic link to somewhere else now, made by its owner to have the service
 * write where only the service may. */
static gboolean
check_folder (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  g_autofree char *folder = ac_device_path_dup_folder (work->receipt->place);
  g_autofree char *resolved = NULL;
  AcDeviceAttributes attributes = { 0 };
  GError *problem = NULL;

  resolved = ac_device_sftp_resolve (batch->sftp, folder, &problem);
  if (resolved != NULL && ac_device_sftp_look (batch->sftp, resolved, &attributes, &problem) &&
      S_ISDIR (attributes.mode) && strcmp (resolved, folder) == 0)
    return TRUE;
  if (problem != NULL && !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return ac_device_work_blame (work, problem, "The folder of the file cannot be looked at",
                                 error);
  g_clear_error (&problem);
  ac_device_work_fail (work, FALSE,
                       "The folder of “%s” is not there any more, or is another one now. The file "
                       "stays in the quarantine folder as “%s”; make the folder again, then try "
                       "again.",
                       work->shown, work->receipt->kept);
  return TRUE;
}

/* The file is in its place again, where it went as it was; since then it is its owner's. */
static gboolean
end_restored (AcDeviceWork *work, const AcDeviceAttributes *now)
{
  ac_device_work_set_state (work, AC_DEVICE_RESTORED);
  ac_device_work_end (work, AC_OUTCOME_RESTORED, "Moved back to “%s”, as it was.%s", work->shown,
                      ac_device_attributes_equal (now, &work->receipt->was)
                          ? ""
                          : " Somebody has changed its owner, mode or time there since.");
  return TRUE;
}

/* Sets right in quarantine what differs, and looks again. Owner before mode: it takes away bits of
 * it. */
static gboolean
set_right (AcDeviceBatch *batch,
           const AcDeviceReceipt *receipt,
           AcDeviceAttributes *now,
           GError **error)
{
  const AcDeviceAttributes *was = &receipt->was;
  const char *path = receipt->kept;

  if ((now->owner != was->owner || now->group != was->group) &&
      !ac_device_sftp_set_owner (batch->sftp, path, was->owner, was->group, error))
    return FALSE;
  if ((now->mode != was->mode || now->owner != was->owner || now->group != was->group) &&
      !ac_device_sftp_set_mode (batch->sftp, path, was->mode & 07777, error))
    return FALSE;
  /* Only then: SFTP has whole seconds, and the file has its exact time as long as nobody sets it.
   */
  if (now->modified != was->modified &&
      !ac_device_sftp_set_times (batch->sftp, path, was->accessed, was->modified, error))
    return FALSE;
  if (!ac_device_sftp_look (batch->sftp, path, now, error))
    return FALSE;
  if (ac_device_attributes_equal (now, was))
    return TRUE;
  g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                       "its owner, mode or time could not be set as they were");
  return FALSE;
}

static gboolean
is_bare (const AcDeviceReceipt *receipt, const AcDeviceAttributes *now)
{
  return (now->mode & 07777) == 0 && (receipt->was.mode & 07777) != 0;
}

/* Who has moved it back may have left it without permissions. */
static gboolean
end_put_back_by_other (AcDeviceBatch *batch,
                       AcDeviceWork *work,
                       const AcDeviceAttributes *now,
                       GError **error)
{
  guint32 was = work->receipt->was.mode & 07777;
  gboolean bare = is_bare (work->receipt, now);
  GError *problem = NULL;

  if (bare && !ac_device_sftp_set_mode_nofollow (batch->sftp, work->receipt->place, was, &problem))
    return ac_device_work_blame (work, problem,
                                 "Somebody else has put the file back, and its permissions could "
                                 "not be given back",
                                 error);
  ac_device_work_end (work, AC_OUTCOME_ALREADY_RESTORED,
                      "The file was back at “%s” already: somebody else has put it there.%s",
                      work->shown, bare ? " Its permissions were given back." : "");
  return TRUE;
}

/* There is nothing in quarantine. */
static gboolean
settle_absent (AcDeviceBatch *batch,
               AcDeviceWork *work,
               AcDeviceSight place,
               AcDeviceAttributes *attributes,
               GError **error)
{
  switch (work->receipt->state)
    {
    case AC_DEVICE_RESTORED:
      ac_device_work_end (work, AC_OUTCOME_RESTORED, "Moved back to “%s”.%s", work->shown,
                          place == AC_DEVICE_THE_FILE
                              ? ""
                              : " It was changed or removed there by somebody else since.");
      return TRUE;
    case AC_DEVICE_RESTORING:
      if (place == AC_DEVICE_THE_FILE && !is_bare (work->receipt, attributes))
        return end_restored (work, attributes);
      break;
    case AC_DEVICE_MOVING:
    case AC_DEVICE_COPYING:
    case AC_DEVICE_REMOVING:
    case AC_DEVICE_MOVED:
    default:
      break;
    }
  if (place == AC_DEVICE_THE_FILE)
    return end_put_back_by_other (batch, work, attributes, error);
  if (!ac_device_batch_check_disks (batch, work, error) ||
      (!work->is_done && !ac_device_copy_check_aside (batch, work, AC_DEVICE_NOTHING, error)))
    return FALSE;
  if (work->is_done)
    return TRUE;
  if (place == AC_DEVICE_NO_READING)
    ac_device_work_fail (work, FALSE,
                         "The file is not in the quarantine folder any more, and whether it is the "
                         "one at “%s” cannot be said: the service may not read that.",
                         work->shown);
  else
    ac_device_work_end (work, AC_OUTCOME_NOT_FOUND,
                        "The file is neither in the quarantine folder any more nor at “%s”, and "
                        "cannot be brought back.",
                        work->shown);
  return TRUE;
}

/* Something stands at the place, and the file is in quarantine. */
static gboolean
settle_taken (AcDeviceBatch *batch,
              AcDeviceWork *work,
              AcDeviceSight place,
              AcDeviceAttributes *at_place,
              const AcDeviceAttributes *kept,
              GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes again;
  GError *problem = NULL;

  /* Cut off between the second name and the end of the first one, or before the end of the copy. */
  if (place == AC_DEVICE_THE_FILE && receipt->state == AC_DEVICE_RESTORING &&
      (receipt->is_copy ||
       (ac_device_attributes_equal (at_place, kept) && !is_bare (receipt, at_place))))
    {
      if (receipt->is_copy && !ac_device_attributes_equal (at_place, &receipt->was))
        {
          ac_device_work_end (work, AC_OUTCOME_ALREADY_RESTORED,
                              "A file with the same contents stands at “%s” already: somebody else "
                              "has put it there. The one from before stays in the quarantine "
                              "folder.",
                              work->shown);
          return TRUE;
        }
      if (!ac_device_batch_wait (batch, error))
        return FALSE;
      if (!ac_device_sftp_look (batch->sftp, receipt->place, &again, &problem))
        return ac_device_work_blame (work, problem, "What stands at the place has changed", error);
      if (!ac_device_attributes_equal (&again, at_place))
        {
          ac_device_work_fail (work, TRUE,
                               "What stands at “%s” was changed while it was looked at; the file "
                               "stays in the quarantine folder too.",
                               work->shown);
          return TRUE;
        }
      if (!ac_device_sftp_remove (batch->sftp, receipt->kept, &problem) &&
          !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
        return ac_device_work_blame (work, problem,
                                     "The file is back in its place, but could not be taken from "
                                     "the quarantine folder",
                                     error);
      g_clear_error (&problem);
      return end_restored (work, at_place);
    }
  if (place == AC_DEVICE_THE_FILE)
    ac_device_work_end (work, AC_OUTCOME_ALREADY_RESTORED,
                        "A file with the same contents stands at “%s” already: somebody else has "
                        "put it there. The one from before stays in the quarantine folder.",
                        work->shown);
  else
    ac_device_work_end (work, AC_OUTCOME_CONFLICT,
                        "At “%s” stands %s now, which was not replaced. The file stays in the "
                        "quarantine folder; move away what stands there, then try again.",
                        work->shown,
                        S_ISREG (at_place->mode) ? "another file"
                                                 : ac_device_kind_for_people (at_place->mode));
  return TRUE;
}

/* What stands at the place of the file. The file itself, moved there by somebody who has left it
 * without permissions, is read as who it belongs to. */
static gboolean
see_place (AcDeviceBatch *batch,
           const AcDeviceReceipt *receipt,
           AcDeviceSight *sight,
           AcDeviceAttributes *now,
           GError **error)
{
  AcDeviceAttributes like = receipt->was;
  AcDeviceAttributes again;
  g_autoptr (GError) problem = NULL;

  memset (now, 0, sizeof *now);
  if (ac_device_batch_see (batch, receipt, receipt->place, sight, now, &problem))
    return TRUE;
  if (!ac_device_error_is_of_file (problem) || now->mode == 0)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  *sight = AC_DEVICE_NO_READING;
  like.mode = S_IFREG;
  if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_DENIED) ||
      !ac_device_attributes_equal (now, &like) ||
      !ac_device_sftp_set_mode_nofollow (batch->sftp, receipt->place, 0400, NULL))
    return TRUE;
  g_clear_error (&problem);
  if (!ac_device_batch_see (batch, receipt, receipt->place, sight, &again, &problem))
    *sight = AC_DEVICE_NO_READING;
  ac_device_sftp_set_mode_nofollow (batch->sftp, receipt->place, 0, NULL);
  if (problem == NULL || ac_device_error_is_of_file (problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Looks at what there is. Only where the file lies in quarantine and its place is free is anything
 * left to be done. */
static gboolean
settle (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes kept = { 0 };
  AcDeviceAttributes at_place = { 0 };
  AcDeviceSight kept_sight;
  AcDeviceSight place_sight;
  GError *problem = NULL;

  if (!ac_device_batch_see_kept (batch, receipt, &kept_sight, &kept, &problem))
    return ac_device_work_blame (work, problem, "What lies in the quarantine folder cannot be read",
                                 error);
  if (!see_place (batch, receipt, &place_sight, &at_place, &problem))
    return ac_device_work_blame (work, problem, "The place of the file cannot be looked at", error);
  /* A rename into quarantine may have been carried out between the two looks. */
  if (kept_sight == AC_DEVICE_NOTHING && place_sight != AC_DEVICE_THE_FILE &&
      !ac_device_batch_see_kept (batch, receipt, &kept_sight, &kept, &problem))
    return ac_device_work_blame (work, problem, "What lies in the quarantine folder cannot be read",
                                 error);
  if (kept_sight == AC_DEVICE_NOTHING)
    return settle_absent (batch, work, place_sight, &at_place, error);
  if (kept_sight != AC_DEVICE_THE_FILE)
    {
      ac_device_work_fail (
          work, FALSE,
          "What lies in the quarantine folder as “%s” is not the file from “%s” any "
          "more: it was changed there, and stays there.",
          receipt->kept, work->shown);
      return TRUE;
    }
  if (place_sight != AC_DEVICE_NOTHING)
    return settle_taken (batch, work, place_sight, &at_place, &kept, error);
  return TRUE;
}

static gboolean
look (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;

  if (receipt == NULL)
    {
      ac_device_work_end (work, AC_OUTCOME_NOT_FOUND,
                          "This action has moved nothing on this device, so there is nothing to "
                          "bring back.");
      return TRUE;
    }
  if (!ac_device_batch_check_kept_folder (batch, work, error))
    return FALSE;
  if (work->is_done)
    return TRUE;
  if (!settle (batch, work, error) || (!work->is_done && !check_folder (batch, work, error)) ||
      (!work->is_done && !ac_device_copy_check_aside (batch, work, AC_DEVICE_THE_FILE, error)))
    return FALSE;
  if (work->is_done)
    return TRUE;
  ac_device_work_set_state (work, AC_DEVICE_RESTORING);
  return TRUE;
}

/* @problem: (transfer full): why it was not put back */
static gboolean
explain_no_return (AcDeviceBatch *batch, AcDeviceWork *work, GError *problem, GError **error)
{
  const char *kept = work->receipt->kept;

  if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE) ||
      g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
    {
      /* An earlier session may have asked for the same, and the device came to it only now; or
       * something stands at the place since. */
      gboolean has_settled = settle (batch, work, error);

      if (work->is_done && work->task->outcome == AC_OUTCOME_CONFLICT)
        ac_device_sftp_set_mode (batch->sftp, kept, 0, NULL);
      if (!has_settled || work->is_done)
        {
          g_error_free (problem);
          return has_settled;
        }
    }
  if (ac_device_error_is_of_file (problem))
    ac_device_sftp_set_mode (batch->sftp, kept, 0, NULL);
  return ac_device_work_blame (
      work, problem,
      "The file could not be put back into its place, and stays in the quarantine folder", error);
}

static gboolean
put_back (AcDeviceBatch *batch, AcDeviceWork *work, GError **error)
{
  AcDeviceReceipt *receipt = work->receipt;
  AcDeviceAttributes now = { 0 };
  AcDeviceSight sight;
  GError *problem = NULL;

  /* In the quarantine folder nobody else sees it yet. */
  if (!ac_device_sftp_look (batch->sftp, receipt->kept, &now, &problem) ||
      !set_right (batch, receipt, &now, &problem) ||
      !ac_device_sftp_rename (batch->sftp, receipt->kept, receipt->place, &problem))
    return explain_no_return (batch, work, problem, error);
  if (!ac_device_batch_see (batch, receipt, receipt->place, &sight, &now, &problem))
    {
      /* Whose file it is may have kept even its owner from reading it. */
      if (!g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_DENIED) || now.mode == 0)
        return ac_device_work_blame (work, problem, "What was put back cannot be read", error);
      g_clear_error (&problem);
      sight = AC_DEVICE_THE_FILE;
    }
  if (sight == AC_DEVICE_THE_FILE)
    return end_restored (work, &now);
  ac_device_work_fail (work, FALSE,
                       "The file was put back to “%s”, and was changed or removed there at once.",
                       work->shown);
  return TRUE;
}

/**
 * ac_device_undo:
 *
 * Puts the files of the works whose turn it is back, once looked for and once written down.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_device_undo (AcDeviceBatch *batch, GError **error)
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
      if (!(work->receipt->is_copy ? ac_device_copy_back (batch, work, error)
                                   : put_back (batch, work, error)))
        return FALSE;
    }
  batch->current = NULL;
  return ac_device_batch_write_receipts (batch, error);
}
