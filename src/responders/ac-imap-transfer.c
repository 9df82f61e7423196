/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-number.h"
#include "responders/ac-imap-set.h"
#include "responders/ac-imap-transfer.h"

/* Far less than a connection takes as one literal, and enough that asking costs little. */
#define PIECE (512 * 1024)

/* A message that is being read, piece by piece. */
typedef struct
{
  AcImapConnection *connection;
  GChecksum *checksum;
  guint32 uid;
  guint32 size;
  guint64 n_read;
  gboolean is_part; /* only so much of the message is wanted */
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->checksum, g_checksum_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static void
reading_init (Reading *reading, AcImapConnection *connection, guint32 uid, guint32 size)
{
  reading->connection = connection;
  reading->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  reading->uid = uid;
  reading->size = size;
}

/* “* 3 FETCH (UID 7 BODY[]<0> {…}”: the piece, or NULL when this response is about something else.
 */
static GBytes *
take_piece (const AcImapResponse *response, const Reading *reading)
{
  g_autofree char *section = g_strdup_printf ("BODY[]<%" G_GUINT64_FORMAT ">", reading->n_read);
  const AcImapValue *list;
  const AcImapValue *text = NULL;
  guint32 uid = 0;

  if (g_strcmp0 (response->name, "FETCH") != 0 || response->values->len != 1)
    return NULL;
  list = response->values->pdata[0];
  if (list->kind != AC_IMAP_VALUE_LIST)
    return NULL;
  for (guint i = 0; i + 1 < list->items->len; i += 2)
    {
      const AcImapValue *name = list->items->pdata[i];
      const AcImapValue *value = list->items->pdata[i + 1];

      if (ac_imap_value_is_atom (name, "UID"))
        ac_imap_value_get_number (value, &uid);
      else if (ac_imap_value_is_atom (name, section) && value->kind == AC_IMAP_VALUE_STRING)
        text = value;
    }
  if (uid != reading->uid || text == NULL)
    return NULL;
  return g_bytes_new (text->text, text->length);
}

/* One byte more than there should be is asked for at the end: a message that is longer than its
 * size says would otherwise be cut off. */
static GBytes *
read_piece (gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  guint64 left = reading->size - reading->n_read;
  guint64 wanted = MIN (PIECE, reading->is_part ? left : left + 1);
  g_autofree char *text = g_strdup_printf ("UID FETCH %u (UID BODY.PEEK[]<%" G_GUINT64_FORMAT
                                           ".%" G_GUINT64_FORMAT ">)",
                                           reading->uid, reading->n_read, wanted);
  g_autoptr (AcImapCommand) command = ac_imap_command_new (text);
  g_autoptr (GPtrArray) responses = ac_imap_connection_run (reading->connection, command, error);

  if (responses == NULL)
    return NULL;
  for (guint i = 0; i < responses->len; i++)
    {
      g_autoptr (GBytes) piece = take_piece (responses->pdata[i], reading);
      gsize length;

      if (piece == NULL)
        continue;
      length = g_bytes_get_size (piece);
      if (length == 0 || length > wanted || length > left)
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_WRONG_SIZE,
                       "The mail server says that the message has %u bytes, and it has not.",
                       reading->size);
          return NULL;
        }
      g_checksum_update (reading->checksum, g_bytes_get_data (piece, NULL), (gssize)length);
      reading->n_read += length;
      return g_steal_pointer (&piece);
    }
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED, "The message is not there any more.");
  return NULL;
}

/**
 * ac_imap_transfer_digest:
 * @uid: of a message in the open folder
 * @size: its RFC822.SIZE
 *
 * Returns: (transfer full): the SHA-256 of its bytes in hexadecimal, or %NULL: with
 *   AC_IMAP_ERROR_CHANGED when it is not there any more.
 */
char *
ac_imap_transfer_digest (AcImapConnection *connection, guint32 uid, guint32 size, GError **error)
{
  g_auto (Reading) reading = { 0 };

  reading_init (&reading, connection, uid, size);
  while (reading.n_read < size)
    {
      g_autoptr (GBytes) piece = read_piece (&reading, error);

      if (piece == NULL)
        return NULL;
    }
  return g_strdup (g_checksum_get_string (reading.checksum));
}

/**
 * ac_imap_transfer_read:
 * @uid: of a message in the open folder
 * @size: its RFC822.SIZE
 * @limit: how much of it is wanted
 *
 * Returns: (transfer full): the message, or its beginning, or %NULL as ac_imap_transfer_digest()
 *   does.
 */
GBytes *
ac_imap_transfer_read (AcImapConnection *connection,
                       guint32 uid,
                       guint32 size,
                       guint32 limit,
                       GError **error)
{
  g_auto (Reading) reading = { 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  reading_init (&reading, connection, uid, MIN (size, limit));
  reading.is_part = limit < size;
  while (reading.n_read < reading.size)
    {
      g_autoptr (GBytes) piece = read_piece (&reading, error);

      if (piece == NULL)
        return NULL;
      g_byte_array_append (bytes, g_bytes_get_data (piece, NULL), (guint)g_bytes_get_size (piece));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* “02-Feb-2024 07:11:12 +0000” (RFC 3501, “date-time”), whatever language the service speaks. */
static char *
format_date (gint64 date)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (date / G_USEC_PER_SEC);

  if (moment == NULL)
    return NULL;
  return g_strdup_printf ("%02d-%s-%04d %02d:%02d:%02d +0000",
                          g_date_time_get_day_of_month (moment),
                          months[g_date_time_get_month (moment) - 1], g_date_time_get_year (moment),
                          g_date_time_get_hour (moment), g_date_time_get_minute (moment),
                          g_date_time_get_second (moment));
}

static AcImapCommand *
append_command (const char *folder, const char *const *flags, gint64 date, GError **error)
{
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("APPEND ");
  g_autofree char *joined = g_strjoinv (" ", (GStrv)flags);
  g_autofree char *when = format_date (date);
  g_autofree char *text = g_strdup_printf (" (%s) \"%s\" ", joined, when);

  for (guint i = 0; flags[i] != NULL; i++)
    if (!ac_imap_is_flag (flags[i]))
      {
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
                     "“%s” is no flag of a message.", flags[i]);
        return NULL;
      }
  if (when == NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
                   "The date of the message cannot be written.");
      return NULL;
    }
  ac_imap_command_add_string (command, folder);
  ac_imap_command_add (command, text);
  return g_steal_pointer (&command);
}

/* “[APPENDUID 7 12] Append completed.” */
static void
read_appended (GPtrArray *responses, AcImapAppended *appended)
{
  const AcImapResponse *last = responses->pdata[responses->len - 1];
  g_auto (GStrv) words = NULL;
  guint64 uid_validity;
  guint64 uid;

  *appended = (AcImapAppended){ 0 };
  if (g_strcmp0 (last->code, "APPENDUID") != 0 || last->code_text == NULL)
    return;
  words = g_strsplit (last->code_text, " ", 3);
  if (g_strv_length (words) != 2 || !ac_number_parse (words[0], 1, G_MAXUINT32, &uid_validity) ||
      !ac_number_parse (words[1], 1, G_MAXUINT32, &uid))
    return;
  appended->uid_validity = (guint32)uid_validity;
  appended->uid = (guint32)uid;
}

/**
 * ac_imap_transfer_copy:
 * @from: where the folder with the message is open
 * @uid: of the message
 * @size: its RFC822.SIZE
 * @to: another account
 * @folder: in it, as on the wire
 * @date: INTERNALDATE, in microseconds since 1970
 * @appended: (out): where it is
 *
 * Puts a message into another account, all of it or nothing.
 *
 * Returns: (transfer full): the SHA-256 of what was read and written, in hexadecimal; or %NULL.
 */
char *
ac_imap_transfer_copy (AcImapConnection *from,
                       guint32 uid,
                       guint32 size,
                       AcImapConnection *to,
                       const char *folder,
                       const char *const *flags,
                       gint64 date,
                       AcImapAppended *appended,
                       GError **error)
{
  g_auto (Reading) reading = { 0 };
  g_autoptr (AcImapCommand) command = append_command (folder, flags, date, error);
  g_autoptr (GPtrArray) responses = NULL;

  if (command == NULL)
    return NULL;
  reading_init (&reading, from, uid, size);
  responses = ac_imap_connection_run_with_literal (to, command, size, read_piece, &reading, error);
  if (responses == NULL)
    return NULL;
  read_appended (responses, appended);
  return g_strdup (g_checksum_get_string (reading.checksum));
}

typedef struct
{
  GBytes *message;
  gsize n_written;
} Writing;

static GBytes *
next_of_bytes (gpointer user_data, GError **error)
{
  Writing *writing = user_data;
  gsize length = MIN (PIECE, g_bytes_get_size (writing->message) - writing->n_written);
  GBytes *piece = g_bytes_new_from_bytes (writing->message, writing->n_written, length);

  writing->n_written += length;
  return piece;
}

/**
 * ac_imap_transfer_write:
 *
 * The same as ac_imap_transfer_copy(), for a message that is at hand.
 */
gboolean
ac_imap_transfer_write (AcImapConnection *connection,
                        const char *folder,
                        GBytes *message,
                        const char *const *flags,
                        gint64 date,
                        AcImapAppended *appended,
                        GError **error)
{
  Writing writing = { message, 0 };
  g_autoptr (AcImapCommand) command = append_command (folder, flags, date, error);
  g_autoptr (GPtrArray) responses = NULL;

  if (command == NULL)
    return FALSE;
  responses = ac_imap_connection_run_with_literal (connection, command, g_bytes_get_size (message),
                                                   next_of_bytes, &writing, error);
  if (responses == NULL)
    return FALSE;
  read_appended (responses, appended);
  return TRUE;
}

static gboolean
run_on (AcImapConnection *connection,
        const char *before,
        const guint32 *uids,
        gsize n_uids,
        const char *after,
        GError **error)
{
  g_autofree char *set = ac_imap_set_format (uids, n_uids);
  g_autofree char *text = g_strconcat (before, set, after, NULL);
  g_autoptr (AcImapCommand) command = ac_imap_command_new (text);
  g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);

  return responses != NULL;
}

/**
 * ac_imap_transfer_remove:
 * @uids: (array length=n_uids): in rising order, each once
 *
 * Takes messages of the open folder away for good. Those that are not there any more are passed
 * over, and no other message is touched.
 */
gboolean
ac_imap_transfer_remove (AcImapConnection *connection,
                         const guint32 *uids,
                         gsize n_uids,
                         GError **error)
{
  if (n_uids == 0)
    return TRUE;
  if (!run_on (connection, "UID STORE ", uids, n_uids, " +FLAGS.SILENT (\\Deleted)", error))
    return FALSE;
  if (run_on (connection, "UID EXPUNGE ", uids, n_uids, "", error))
    return TRUE;
  /* Refused: the owner is not to find the messages struck out. */
  if (!ac_imap_connection_is_lost (connection))
    run_on (connection, "UID STORE ", uids, n_uids, " -FLAGS.SILENT (\\Deleted)", NULL);
  return FALSE;
}
