/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command before it is sent. Text of our own and arguments from elsewhere are added by different
 * functions, so that no argument can become a command. */
#pragma once

#include <glib.h>

#include "responders/ac-imap-error.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;          /* sent as it is */
  gsize length;        /* of the text */
  gboolean is_literal; /* its length is announced before it */
} AcImapPart;

typedef struct _AcImapCommand AcImapCommand;

AcImapCommand *ac_imap_command_new (const char *text);
void ac_imap_command_free (AcImapCommand *command);
void ac_imap_command_add (AcImapCommand *command, const char *text);
void ac_imap_command_add_string (AcImapCommand *command, const char *argument);
GPtrArray *ac_imap_command_get_parts (AcImapCommand *command, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapCommand, ac_imap_command_free)

G_END_DECLS
