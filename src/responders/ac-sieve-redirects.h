/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds where a Sieve script sends mail, and writes the same script without what leaves the
 * organisation. Every byte of the script that belongs to no such command stays. */
#pragma once

#include "responders/ac-sieve-script.h"

G_BEGIN_DECLS

typedef enum
{
  AC_SIEVE_TARGET_ADDRESS,    /* an address outside the organisation */
  AC_SIEVE_TARGET_VARIABLE,   /* known only when the script runs (RFC 5229) */
  AC_SIEVE_TARGET_LIST,       /* all addresses of a list that lies elsewhere (RFC 6134) */
  AC_SIEVE_TARGET_UNREADABLE, /* the arguments are not those of any redirect that we know */
} AcSieveTargetKind;

/* A redirect that is taken out. */
typedef struct
{
  AcSieveTargetKind kind;
  char *text; /* as it stands in the script; valid UTF-8 */
  guint line;
  gboolean keeps; /* a keep stands in its place: the mail would be lost otherwise */
} AcSieveTarget;

/* Another script that this one runs (RFC 6609). */
typedef struct
{
  char *name; /* valid UTF-8 */
  gboolean is_global;
} AcSieveInclude;

typedef struct
{
  char *text; /* the script without what was removed, followed by a '\0' */
  gsize length;
  GPtrArray *removed;  /* of AcSieveTarget, in the order of the script */
  GPtrArray *inside;   /* of char *: the addresses of the organisation that stay */
  GPtrArray *includes; /* of AcSieveInclude, each once */
} AcSieveRedirects;

AcSieveRedirects *
ac_sieve_redirects_new (const char *text, gsize length, const char *const *domains, GError **error);
void ac_sieve_redirects_free (AcSieveRedirects *redirects);
char *ac_sieve_redirects_list (const AcSieveRedirects *redirects);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSieveRedirects, ac_sieve_redirects_free)

G_END_DECLS
