/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SFTP, version 3 (draft-ietf-secsh-filexfer-02, as OpenSSH speaks it), over one connection to a
 * device: only what quarantine needs. Reads and writes are asked for ahead. Paths are bytes. A
 * rename never replaces what stands at the new path: SSH_FXP_RENAME is used, and not OpenSSH's
 * posix-rename, which does (and which newer libraries prefer by themselves).
 *
 * The server follows a symbolic link that stands at a path whose mode, owner or times are set.
 * Whoever may write to the folder of the file can put one there at any moment, so the functions
 * that do so by path are for the quarantine folder only.
 *
 * GError domain AC_DEVICE_ERROR; the messages of those about one file are a few words to be put
 * behind what was tried. */
#pragma once

#include "responders/ac-device-connection.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 size;
  guint32 owner;
  guint32 group;
  guint32 mode;     /* with the type */
  guint32 accessed; /* seconds since 1970, as SFTP has them */
  guint32 modified;
} AcDeviceAttributes;

/* What is known of the file system that a path is on. */
typedef struct
{
  guint64 id;
  gboolean is_read_only;
} AcDeviceFileSystem;

typedef struct _AcDeviceSftp AcDeviceSftp;

AcDeviceSftp *ac_device_sftp_new (AcDeviceConnection *connection, GError **error);
void ac_device_sftp_free (AcDeviceSftp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceSftp, ac_device_sftp_free)

gboolean ac_device_sftp_look (AcDeviceSftp *self,
                              const char *path,
                              AcDeviceAttributes *attributes,
                              GError **error);
char *ac_device_sftp_resolve (AcDeviceSftp *self, const char *path, GError **error);
gboolean ac_device_sftp_get_file_system (AcDeviceSftp *self,
                                         const char *path,
                                         AcDeviceFileSystem *file_system,
                                         GError **error);
gboolean
ac_device_sftp_rename (AcDeviceSftp *self, const char *from, const char *to, GError **error);
gboolean ac_device_sftp_remove (AcDeviceSftp *self, const char *path, GError **error);
gboolean
ac_device_sftp_make_folder (AcDeviceSftp *self, const char *path, guint32 mode, GError **error);
gboolean
ac_device_sftp_set_mode (AcDeviceSftp *self, const char *path, guint32 mode, GError **error);
gboolean ac_device_sftp_set_mode_nofollow (AcDeviceSftp *self,
                                           const char *path,
                                           guint32 mode,
                                           GError **error);
gboolean ac_device_sftp_set_owner (AcDeviceSftp *self,
                                   const char *path,
                                   guint32 owner,
                                   guint32 group,
                                   GError **error);
gboolean ac_device_sftp_set_times (AcDeviceSftp *self,
                                   const char *path,
                                   guint32 accessed,
                                   guint32 modified,
                                   GError **error);
gboolean
ac_device_sftp_find_user (AcDeviceSftp *self, const char *probe, guint32 *user, GError **error);
char *ac_device_sftp_hash (AcDeviceSftp *self, const char *path, guint64 size, GError **error);
gboolean ac_device_sftp_can_sync (AcDeviceSftp *self);
gboolean ac_device_sftp_copy (AcDeviceSftp *self,
                              const char *from,
                              const char *to,
                              guint64 size,
                              const AcDeviceAttributes *like,
                              GError **error);

G_END_DECLS
