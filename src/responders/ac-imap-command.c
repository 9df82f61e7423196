/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-command.h"

/* A server may refuse longer lines; a literal has no such limit. */
#define MAX_QUOTED 512

struct _AcImapCommand
{
  GPtrArray *parts; /* of AcImapPart */
  gboolean is_bad;  /* an argument would have broken out of its place */
};

static void
part_free (AcImapPart *part)
{
  g_free (part->text);
  g_free (part);
}

static void
add_part (AcImapCommand *command, const char *text, gboolean is_literal)
{
  AcImapPart *part = g_new0 (AcImapPart, 1);

  part->text = g_strdup (text);
  part->length = strlen (text);
  part->is_literal = is_literal;
  g_ptr_array_add (command->parts, part);
}

/**
 * ac_imap_command_new:
 * @text: how the command begins, without a tag, such as "UID MOVE 3:5 "; text of our own
 */
AcImapCommand *
ac_imap_command_new (const char *text)
{
  AcImapCommand *command = g_new0 (AcImapCommand, 1);

  command->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)part_free);
  add_part (command, text, FALSE);
  return command;
}

void
ac_imap_command_free (AcImapCommand *command)
{
  g_ptr_array_unref (command->parts);
  g_free (command);
}

/**
 * ac_imap_command_add:
 * @text: more of the command; text of our own
 */
void
ac_imap_command_add (AcImapCommand *command, const char *text)
{
  if (strpbrk (text, "\r\n") != NULL)
    command->is_bad = TRUE;
  add_part (command, text, FALSE);
}

/**
 * ac_imap_command_add_string:
 * @argument: a value from elsewhere; one with a CR or LF makes the whole command invalid (a NUL
 *   cannot be in it)
 */
void
ac_imap_command_add_string (AcImapCommand *command, const char *argument)
{
  g_autoptr (GString) quoted = g_string_new ("\"");
  gsize length = strlen (argument);
  gboolean is_plain = length <= MAX_QUOTED;

  for (const char *at = argument; *at != '\0'; at++)
    {
      if (*at == '\r' || *at == '\n')
        command->is_bad = TRUE;
      if (*at == '"' || *at == '\\')
        g_string_append_c (quoted, '\\');
      is_plain = is_plain && (guchar)*at >= 0x20 && (guchar)*at < 0x7f;
      g_string_append_c (quoted, *at);
    }
  g_string_append_c (quoted, '"');
  add_part (command, is_plain ? quoted->str : argument, !is_plain);
}

/**
 * ac_imap_command_get_parts:
 *
 * Returns: (transfer none) (element-type AcImapPart): what to send, or %NULL with
 *   AC_IMAP_ERROR_INVALID_ARGUMENT.
 */
GPtrArray *
ac_imap_command_get_parts (AcImapCommand *command, GError **error)
{
  if (command->is_bad)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
                   "A name that holds a line break was not sent to the mail server.");
      return NULL;
    }
  return command->parts;
}
