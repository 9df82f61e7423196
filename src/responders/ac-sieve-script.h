/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Sieve script as the tree of its commands (RFC 5228 section 8.2): which command stands in which
 * block, and which bytes it has. It knows the grammar and no command by name, so that scripts with
 * extensions are read as well; whether a script is right is for the server to say. */
#pragma once

#include "responders/ac-sieve-lexer.h"

G_BEGIN_DECLS

typedef struct _AcSieveCommand AcSieveCommand;
struct _AcSieveCommand
{
  char *name;             /* in small letters */
  AcSieveCommand *parent; /* nullable; not owned */
  GPtrArray *block;       /* nullable: of AcSieveCommand, in order */
  guint first;            /* its first token */
  guint arguments_end;    /* the token behind its arguments: “;” or “{” */
  guint last;             /* its last token: “;” or “}” */
  guint index;            /* its place in its block */
};

typedef struct
{
  char *text; /* followed by a '\0' that is not part of it */
  gsize length;
  GArray *tokens;      /* of AcSieveToken */
  GPtrArray *commands; /* of AcSieveCommand: those outside any block */
} AcSieveScript;

AcSieveScript *ac_sieve_script_parse (const char *text, gsize length, GError **error);
void ac_sieve_script_free (AcSieveScript *script);
const AcSieveToken *ac_sieve_script_get_token (const AcSieveScript *script, guint index);
gboolean ac_sieve_command_has_tag (const AcSieveScript *script,
                                   const AcSieveCommand *command,
                                   const char *tag);
char *ac_sieve_command_dup_last_string (const AcSieveScript *script, const AcSieveCommand *command);

/* Called for each command, outer ones before inner ones, in the order of the script. */
typedef void (*AcSieveVisitor) (const AcSieveCommand *command, gpointer user_data);
void
ac_sieve_script_visit (const AcSieveScript *script, AcSieveVisitor visitor, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSieveScript, ac_sieve_script_free)

G_END_DECLS
