/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the messages that a look has seen is the copy that a receipt tells of. */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-batch.h"

/* Whether a message with the right Message-ID is the copy: the parts of it that never change. */
static gboolean
is_copy (const AcMailHit *hit, const AcMailCopy *copy)
{
  return hit->message->size == copy->size && hit->message->date == copy->date;
}

/* Whether a message that is like the copy came to this place by the step that was begun. */
static gboolean
came_by_step (const AcMailHit *hit, const AcMailPlace *place)
{
  if (hit->uid_validity != place->uid_validity)
    return TRUE; /* the numbers were given anew, and say nothing any more */
  if (place->uid != 0)
    return hit->message->uid == place->uid;
  return hit->message->uid >= place->uid_next;
}

/**
 * ac_mail_place_begin:
 * @state: of the folder before a message is moved there
 *
 * Notes from which number on the message is to be looked for. Where a move to this place was begun
 * before, the first number stays: its server may have ended it meanwhile.
 */
void
ac_mail_place_begin (AcMailPlace *place, const AcImapFolderState *state)
{
  if (place->uid_validity != state->uid_validity || place->uid_next == 0)
    place->uid_next = state->uid_next;
  place->uid_validity = state->uid_validity;
  place->uid = 0;
}

/**
 * ac_mail_work_find_source:
 *
 * Returns: (nullable): the copy where it was before it was touched.
 */
AcMailHit *
ac_mail_work_find_source (AcMailWork *work, const AcMailCopy *copy)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcMailHit *hit = work->hits->pdata[i];

      if (hit->is_claimed || !ac_imap_name_equal (hit->folder, copy->folder) ||
          !is_copy (hit, copy))
        continue;
      if (hit->uid_validity != copy->uid_validity || hit->message->uid == copy->uid)
        return hit;
    }
  return NULL;
}

/**
 * ac_mail_work_find_kept:
 *
 * Returns: (nullable): the copy in the recoverable folder; of several that are alike, one that has
 *   its flags.
 */
AcMailHit *
ac_mail_work_find_kept (AcMailWork *work, const AcMailCopy *copy)
{
  AcMailHit *found = NULL;

  for (guint i = 0; i < work->kept->len; i++)
    {
      AcMailHit *hit = work->kept->pdata[i];

      if (hit->is_claimed || !is_copy (hit, copy) || !came_by_step (hit, &copy->kept))
        continue;
      if (g_strv_equal ((const char *const *)hit->message->flags, (const char *const *)copy->flags))
        return hit;
      if (found == NULL)
        found = hit;
    }
  return found;
}

/**
 * ac_mail_work_find_back:
 *
 * Returns: (nullable): the copy in its own folder, where an undo has put it.
 */
AcMailHit *
ac_mail_work_find_back (AcMailWork *work, const AcMailCopy *copy)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcMailHit *hit = work->hits->pdata[i];

      if (!hit->is_claimed && ac_imap_name_equal (hit->folder, copy->folder) &&
          is_copy (hit, copy) && came_by_step (hit, &copy->back))
        return hit;
    }
  return NULL;
}

/**
 * ac_mail_work_find_like:
 *
 * Returns: (nullable): a message in the owner's folders that is the copy by all that can be seen of
 *   it: the one in its own folder, if there is one.
 */
AcMailHit *
ac_mail_work_find_like (AcMailWork *work, const AcMailCopy *copy)
{
  AcMailHit *elsewhere = NULL;

  for (guint i = 0; i < work->hits->len; i++)
    {
      AcMailHit *hit = work->hits->pdata[i];

      if (hit->is_claimed || !is_copy (hit, copy))
        continue;
      if (ac_imap_name_equal (hit->folder, copy->folder))
        return hit;
      elsewhere = hit;
    }
  return elsewhere;
}

static AcMailHit *
find_surplus (GPtrArray *hits, const char *folder, const AcMailPlace *place, const AcMailCopy *copy)
{
  for (guint i = 0; place->uid_next != 0 && i < hits->len; i++)
    {
      AcMailHit *hit = hits->pdata[i];

      if (!hit->is_claimed && is_copy (hit, copy) && hit->uid_validity == place->uid_validity &&
          hit->message->uid >= place->uid_next &&
          (folder == NULL || ac_imap_name_equal (hit->folder, folder)))
        return hit;
    }
  return NULL;
}

/**
 * ac_mail_work_find_surplus_kept:
 *
 * Returns: (nullable): one more message in the recoverable folder that is the copy, came there
 *   since it was first to be moved, and is no copy of any receipt.
 */
AcMailHit *
ac_mail_work_find_surplus_kept (AcMailWork *work, const AcMailCopy *copy)
{
  return find_surplus (work->kept, NULL, &copy->kept, copy);
}

/**
 * ac_mail_work_find_surplus_back:
 *
 * Returns: (nullable): the same in the folder that the copy came from.
 */
AcMailHit *
ac_mail_work_find_surplus_back (AcMailWork *work, const AcMailCopy *copy)
{
  return find_surplus (work->hits, copy->folder, &copy->back, copy);
}
