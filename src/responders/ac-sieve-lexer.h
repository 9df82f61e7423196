/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts a Sieve script into its tokens (RFC 5228 section 8.1), so that a word in a string or in a
 * comment is never taken for a command. It knows nothing of what the words mean, and every byte of
 * the script that is in no token is white space or a comment. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AC_SIEVE_SCRIPT_ERROR (ac_sieve_script_error_quark ())
typedef enum
{
  AC_SIEVE_SCRIPT_ERROR_SYNTAX, /* the message begins with the line */
} AcSieveScriptError;

GQuark ac_sieve_script_error_quark (void);

typedef enum
{
  AC_SIEVE_TOKEN_END,        /* the end of the script */
  AC_SIEVE_TOKEN_IDENTIFIER, /* redirect */
  AC_SIEVE_TOKEN_TAG,        /* :copy */
  AC_SIEVE_TOKEN_NUMBER,     /* 100K */
  AC_SIEVE_TOKEN_STRING,     /* "quoted" */
  AC_SIEVE_TOKEN_MULTI_LINE, /* text: … . */
  AC_SIEVE_TOKEN_CHARACTER,  /* one of [](){},; */
} AcSieveTokenKind;

typedef struct
{
  AcSieveTokenKind kind;
  gsize from; /* in bytes from the beginning of the script */
  gsize to;   /* the byte behind it */
  guint line; /* from 1 */
} AcSieveToken;

GArray *ac_sieve_lex (const char *script, gsize length, GError **error);
gboolean
ac_sieve_token_is_character (const AcSieveToken *token, const char *script, char character);
char *ac_sieve_token_dup_text (const AcSieveToken *token, const char *script);

G_END_DECLS
