/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearer tokens of the service (RFC 6750): one a person or program, each with a name and a
 * role. A token is 256 random bits, shown once; the file keeps only its SHA-256, and only its owner
 * may read the file. Thread-safe. */
#pragma once

#include <glib-object.h>

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

#define AC_TOKEN_FILE_ERROR (ac_token_file_error_quark ())
typedef enum
{
  AC_TOKEN_FILE_ERROR_FAILED,   /* could not be read or written */
  AC_TOKEN_FILE_ERROR_INSECURE, /* others may read it */
  AC_TOKEN_FILE_ERROR_INVALID,  /* not a token file, or not a usable name */
  AC_TOKEN_FILE_ERROR_EXISTS,
  AC_TOKEN_FILE_ERROR_NOT_FOUND,
} AcTokenFileError;

GQuark ac_token_file_error_quark (void);

#define AC_TYPE_TOKEN_FILE (ac_token_file_get_type ())
G_DECLARE_FINAL_TYPE (AcTokenFile, ac_token_file, AC, TOKEN_FILE, GObject)

AcTokenFile *ac_token_file_new (const char *path);
gboolean ac_token_file_load (AcTokenFile *self, GError **error);
char *ac_token_file_add (AcTokenFile *self, const char *name, AcRole role, GError **error);
gboolean ac_token_file_revoke (AcTokenFile *self, const char *name, GError **error);
GStrv ac_token_file_list (AcTokenFile *self, GError **error);
guint64 ac_token_file_get_version (AcTokenFile *self);
gboolean ac_token_file_check (AcTokenFile *self, const char *token, char **name, AcRole *role);

G_END_DECLS
