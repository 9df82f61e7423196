/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json.h"
#include "responders/ac-imap-error.h"
#include "responders/ac-imap-transfer.h"
#include "responders/ac-mail-batch.h"
#include "responders/ac-mail-read.h"
#include "responders/ac-mime-text.h"

/* Of a larger message the beginning is shown. */
#define MAX_READ (16 * 1024 * 1024)

/**
 * ac_mail_read_text:
 * @connection: with the folder of the message open
 * @size: of the message
 * @mailbox: whose message it is
 *
 * Returns: (transfer full): the API's MessageText; or %NULL with AC_IMAP_ERROR.
 */
JsonObject *
ac_mail_read_text (AcImapConnection *connection,
                   guint32 uid,
                   guint32 size,
                   const char *mailbox,
                   GError **error)
{
  g_autoptr (GBytes) bytes = ac_imap_transfer_read (connection, uid, size, MAX_READ, error);
  JsonObject *object;

  if (bytes == NULL)
    return NULL;
  object = ac_mime_text_to_json (bytes);
  ac_json_set_string (object, "asset", mailbox);
  json_object_set_int_member (object, "size", size);
  if (size > MAX_READ)
    json_object_set_boolean_member (object, "isCut", TRUE);
  return object;
}

/* A server finds what contains the Message-ID; it is to be that one. */
static const AcImapMessage *
find_message (GPtrArray *messages, const char *message_id)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const AcImapMessage *message = messages->pdata[i];

      if (message->message_ids != NULL &&
          g_strv_contains ((const char *const *)message->message_ids, message_id))
        return message;
    }
  return NULL;
}

/* Returns FALSE with an error; @text stays NULL where the folder has no such message. */
static gboolean
read_in_folder (AcMailBatch *batch,
                const char *folder,
                const char *message_id,
                JsonObject **text,
                GError **error)
{
  const char *const ids[] = { message_id, NULL };
  AcImapFolderState state;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GArray) uids = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  const AcImapMessage *message;

  if (!ac_imap_client_select (batch->connection, folder, FALSE, &state, &problem))
    {
      /* Deleted since it was listed. */
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  uids = ac_imap_client_search_message_ids (batch->connection, ids, error);
  if (uids == NULL)
    return FALSE;
  if (uids->len == 0)
    return TRUE;
  messages = ac_imap_client_fetch (batch->connection, &g_array_index (uids, guint32, 0), uids->len,
                                   error);
  if (messages == NULL)
    return FALSE;
  message = find_message (messages, message_id);
  if (message != NULL)
    *text = ac_mail_read_text (batch->connection, message->uid, message->size, batch->mailbox,
                               error);
  return message == NULL || *text != NULL;
}

/**
 * ac_mail_read:
 * @entity: with a Message-ID
 * @mailbox: where it lies
 *
 * Blocks. What lies in the recoverable folder was dealt with already and is not read.
 *
 * Returns: (transfer full): the API's MessageText; or %NULL with AC_IMAP_ERROR_NO_FOLDER when the
 *   mailbox has no such message, another AC_IMAP_ERROR or %G_IO_ERROR_CANCELLED.
 */
JsonObject *
ac_mail_read (const AcMailConfig *config,
              AcEntity *entity,
              const char *mailbox,
              GCancellable *cancellable,
              GError **error)
{
  const char *message_id = ac_entity_get_string (entity, "messageId");
  g_autoptr (GPtrArray) no_tasks = g_ptr_array_new ();
  g_autoptr (AcMailBatch) batch = NULL;
  JsonObject *text = NULL;

  if (message_id == NULL || *message_id == '\0' || strpbrk (message_id, "\r\n") != NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                   "The message has no Message-ID that it could be found by.");
      return NULL;
    }
  batch = ac_mail_batch_new (config, mailbox, no_tasks, NULL, NULL, cancellable);
  if (!ac_mail_batch_connect (batch, error))
    return NULL;
  for (guint i = 0; i < batch->folders->len && text == NULL; i++)
    if (!read_in_folder (batch, ((const AcImapFolder *)batch->folders->pdata[i])->name, message_id,
                         &text, error))
      return NULL;
  if (text == NULL)
    g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                 "The message is not in the mailbox “%s” any more: its owner may have deleted it.",
                 mailbox);
  return text;
}
