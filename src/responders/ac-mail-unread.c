/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-unread.h"

static void
unread_free (AcMailUnread *one)
{
  g_free (one->folder);
  g_error_free (one->error);
  g_free (one);
}

/**
 * ac_mail_unread_new:
 *
 * Returns: (transfer full) (element-type AcMailUnread): an empty list.
 */
GPtrArray *
ac_mail_unread_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)unread_free);
}

/**
 * ac_mail_unread_take:
 * @unread: (element-type AcMailUnread):
 * @folder: that could not be looked at
 * @n_folders: how many there are in all: where none can be looked at, no folder is the reason
 * @problem: (transfer full): why not
 *
 * Notes a refusal; whatever else goes wrong ends the look.
 *
 * Returns: whether the look goes on with the other folders.
 */
gboolean
ac_mail_unread_take (GPtrArray *unread,
                     const char *folder,
                     guint n_folders,
                     AcImapConnection *connection,
                     GError *problem,
                     GError **error)
{
  gboolean is_known = ac_mail_unread_has (unread, folder);
  AcMailUnread *one;

  if (ac_imap_connection_is_lost (connection) ||
      g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) ||
      !(ac_imap_error_is_refusal (problem) ||
        g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_UNSUPPORTED)) ||
      unread->len + !is_known >= n_folders)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  /* A run may look twice. */
  if (is_known)
    {
      g_error_free (problem);
      return TRUE;
    }
  one = g_new0 (AcMailUnread, 1);
  one->folder = g_strdup (folder);
  one->error = problem;
  g_ptr_array_add (unread, one);
  return TRUE;
}

gboolean
ac_mail_unread_has (const GPtrArray *unread, const char *folder)
{
  for (guint i = 0; i < unread->len; i++)
    if (ac_imap_name_equal (((const AcMailUnread *)unread->pdata[i])->folder, folder))
      return TRUE;
  return FALSE;
}

/**
 * ac_mail_unread_may_pass:
 *
 * Returns: whether one of them may be looked at later without anybody changing anything.
 */
gboolean
ac_mail_unread_may_pass (const GPtrArray *unread)
{
  for (guint i = 0; i < unread->len; i++)
    if (ac_imap_error_is_transient (((const AcMailUnread *)unread->pdata[i])->error))
      return TRUE;
  return FALSE;
}

/**
 * ac_mail_unread_say:
 * @only_folder: (nullable): the only one that matters
 * @say: adds a problem to the work
 */
void
ac_mail_unread_say (const GPtrArray *unread,
                    const char *only_folder,
                    AcMailUnreadSay say,
                    gpointer work)
{
  for (guint i = 0; i < unread->len; i++)
    {
      const AcMailUnread *one = unread->pdata[i];
      g_autofree char *name = ac_imap_name_for_people (one->folder);
      g_autofree char *what = g_strdup_printf ("The folder “%s” could not be looked at.", name);

      if (only_folder != NULL && !ac_imap_name_equal (one->folder, only_folder))
        continue;
      if (only_folder == NULL && i == AC_MAIL_UNREAD_NAMED)
        {
          g_autofree char *more =
              g_strdup_printf ("So it is with %u other folders.", unread->len - i);

          say (work, more, one->error);
          return;
        }
      say (work, what, one->error);
    }
}
