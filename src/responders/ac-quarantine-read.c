/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-mail-read.h"
#include "responders/ac-quarantine-batch.h"
#include "responders/ac-quarantine-read.h"

/* A copy that is in quarantine. */
static const AcQuarantineCopy *
find_copy (const AcQuarantineReceipt *receipt)
{
  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcQuarantineCopy *copy = receipt->copies->pdata[i];

      if (copy->state > AC_QUARANTINE_COPYING && copy->state < AC_QUARANTINE_RESTORED &&
          copy->kept.uid != 0)
        return copy;
    }
  return NULL;
}

static JsonObject *
read_copy (AcQuarantineAccount *account,
           const char *mailbox,
           const char *folder,
           const AcQuarantineCopy *copy,
           GError **error)
{
  g_autoptr (AcImapMessage) message = NULL;

  if (!ac_quarantine_account_open (account, folder, FALSE, error) ||
      !ac_quarantine_account_see (account, copy->kept.uid, &message, error))
    return NULL;
  if (message == NULL || account->state.uid_validity != copy->kept.uid_validity ||
      message->size != copy->size || message->date != copy->date)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                   "The message is not in quarantine any more: somebody else has taken it out.");
      return NULL;
    }
  return ac_mail_read_text (account->connection, copy->kept.uid, message->size, mailbox, error);
}

/**
 * ac_quarantine_read:
 * @receipt: what the responder wrote down about an action on this mailbox
 *
 * Returns: (transfer full): the API's MessageText; or %NULL with AC_IMAP_ERROR_NO_FOLDER when there
 *   is nothing of this action in quarantine, another AC_IMAP_ERROR, or
 *   AC_MAIL_RECEIPT_ERROR_UNREADABLE.
 */
JsonObject *
ac_quarantine_read (const AcMailConfig *config,
                    const char *mailbox,
                    JsonObject *receipt,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (AcQuarantineReceipt) noted = ac_quarantine_receipt_new_from_json (receipt, error);
  AcQuarantineAccount account = { 0 };
  const AcQuarantineCopy *copy;
  g_autofree char *folder = NULL;
  JsonObject *text;

  if (noted == NULL)
    return NULL;
  copy = find_copy (noted);
  if (copy == NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                   "Nothing of this action is in quarantine.");
      return NULL;
    }
  account.connection = ac_mail_config_connect (config, config->quarantine_user, cancellable, error);
  if (account.connection == NULL)
    {
      g_prefix_error (error, "The quarantine account cannot be opened. ");
      return NULL;
    }
  folder = noted->kept_folder != NULL ? g_strdup (noted->kept_folder)
                                      : ac_quarantine_folder_of (mailbox);
  text = read_copy (&account, mailbox, folder, copy, error);
  ac_imap_connection_log_out (account.connection);
  ac_imap_connection_free (account.connection);
  g_free (account.folder);
  return text;
}
