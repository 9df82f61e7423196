/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file of action-centerd, read and checked once at the start. Every complaint
 * names the file, the group and the key. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AC_SERVICE_CONFIG_ERROR (ac_service_config_error_quark ())
typedef enum
{
  AC_SERVICE_CONFIG_ERROR_INVALID,
} AcServiceConfigError;

GQuark ac_service_config_error_quark (void);

typedef struct
{
  char *path;
  GKeyFile *key_file; /* for the responders, which read a group of their own */

  char *database;
  char *tokens;
  GStrv listen;
  char *certificate; /* nullable; with key */
  char *key;
  char *ready_file; /* nullable */

  gsize max_body_bytes;
  guint header_seconds;
  guint body_seconds;
  guint idle_seconds;
  guint connections_per_address;
  guint connections;
  guint streams;
  guint streams_per_token;
  guint heartbeat_seconds;
  guint action_lifetime_days;
  guint cursor_seconds;
  guint change_log_days;
  guint grace_seconds;
  guint history_days;  /* 0: for ever */
  guint second_person; /* 1: nobody approves what he has proposed himself */

  gboolean has_mail;
  guint mail_connections;
  guint mail_retry_seconds;
  guint look_seconds;     /* 0: not by itself */
  guint confirm_messages; /* 0: any number goes unconfirmed */
  gboolean has_forwarding;
  gboolean has_device;
  gboolean has_url;
} AcServiceConfig;

AcServiceConfig *ac_service_config_load (const char *path, GError **error);
gboolean ac_service_config_check_listen (AcServiceConfig *config, GError **error);
GSocketAddress *ac_service_config_parse_address (const char *text, GError **error);
void ac_service_config_free (AcServiceConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcServiceConfig, ac_service_config_free)

G_END_DECLS
