/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tasks of one device that are carried out together, over one connection. Inside the device
 * responder only; see ac-device-responder.c for the order of the steps.
 *
 * A function that is given a GError returns %FALSE only when the whole batch is stopped; what
 * concerns one file becomes the outcome of its task. */
#pragma once

#include "responders/ac-device-config.h"
#include "responders/ac-device-receipt.h"
#include "responders/ac-responder.h"

G_BEGIN_DECLS

/* What is larger is not read: at the pace of a disk that takes half an hour, and a file may claim
 * to be of any size. */
#define AC_DEVICE_MAX_SIZE (G_GUINT64_CONSTANT (64) << 30)

/* One task. */
typedef struct
{
  AcTask *task;
  char *path;               /* of the task's entity */
  char *shown;              /* the same for people */
  char *sha256;             /* of the task's entity; small digits */
  AcDeviceReceipt *receipt; /* nullable: nothing was begun */
  gboolean is_unwritten;    /* the receipt says more than what the sink has */
  gboolean is_done;         /* the task has its outcome */
  gboolean may_be_gone;     /* to quarantine: nobody has seen, or been told, that it is not */
  guint n_losses;           /* how often the connection was lost while it was its turn */
} AcDeviceWork;

/* A folder that quarantined files may lie in. */
typedef struct
{
  char *path;               /* without symbolic links on the way */
  gboolean has_file_system; /* the device says which it is on */
  AcDeviceFileSystem file_system;
} AcDeviceFolder;

typedef struct
{
  const AcDeviceConfig *config;
  const char *device;
  GPtrArray *works; /* of AcDeviceWork */
  AcReceiptSink sink;
  gpointer sink_data;
  GCancellable *cancellable; /* nullable */

  AcDeviceConnection *connection; /* nullable */
  AcDeviceSftp *sftp;             /* nullable; with connection */
  GPtrArray *folders;             /* of AcDeviceFolder; nullable: not looked at yet */
  char *folder_problem;           /* nullable: why a folder cannot be used, in words */
  GHashTable *owners;    /* folders that receipts name, to what is wrong with their owner, or "" */
  AcDeviceWork *current; /* nullable: the one whose turn it is */
  gboolean sink_has_failed;
  gboolean may_be_under_way; /* a session that is gone may have begun something */
} AcDeviceBatch;

AcDeviceBatch *ac_device_batch_new (const AcDeviceConfig *config,
                                    const char *device,
                                    GPtrArray *tasks,
                                    AcReceiptSink sink,
                                    gpointer sink_data,
                                    GCancellable *cancellable);
void ac_device_batch_free (AcDeviceBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceBatch, ac_device_batch_free)

gboolean ac_device_batch_connect (AcDeviceBatch *batch, GError **error);
void ac_device_batch_disconnect (AcDeviceBatch *batch);
gboolean ac_device_batch_let_settle (AcDeviceBatch *batch, GError **error);
gboolean ac_device_batch_wait (AcDeviceBatch *batch, GError **error);
gboolean ac_device_batch_open_folders (AcDeviceBatch *batch, GError **error);
gboolean
ac_device_batch_check_kept_folder (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);
gboolean ac_device_batch_write_receipts (AcDeviceBatch *batch, GError **error);
GPtrArray *ac_device_batch_unfinished (AcDeviceBatch *batch);
GPtrArray *ac_device_batch_next (AcDeviceBatch *batch);

/* --- one work --- */

void ac_device_work_end (AcDeviceWork *work, AcOutcome outcome, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void ac_device_work_fail (AcDeviceWork *work, gboolean transient, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean
ac_device_work_blame (AcDeviceWork *work, GError *problem, const char *what, GError **error);
void ac_device_work_note_part (AcDeviceWork *work);
void ac_device_work_reopen (AcDeviceWork *work);
void ac_device_work_set_state (AcDeviceWork *work, AcDeviceState state);

/* What stands at a path. */
typedef enum
{
  AC_DEVICE_NOTHING,
  AC_DEVICE_THE_FILE,     /* a file with the SHA-256 that is meant */
  AC_DEVICE_ANOTHER_FILE, /* a file with another one */
  AC_DEVICE_NO_FILE,      /* a folder, a symbolic link or something else */
  AC_DEVICE_NO_READING,   /* a file that the service may not read */
} AcDeviceSight;

gboolean ac_device_batch_see_new (AcDeviceBatch *batch,
                                  const char *path,
                                  const char *sha256,
                                  AcDeviceSight *sight,
                                  AcDeviceAttributes *attributes,
                                  GError **error);
gboolean ac_device_batch_see (AcDeviceBatch *batch,
                              const AcDeviceReceipt *receipt,
                              const char *path,
                              AcDeviceSight *sight,
                              AcDeviceAttributes *attributes,
                              GError **error);
gboolean ac_device_batch_check_disks (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);
gboolean ac_device_batch_see_kept (AcDeviceBatch *batch,
                                   const AcDeviceReceipt *receipt,
                                   AcDeviceSight *sight,
                                   AcDeviceAttributes *attributes,
                                   GError **error);
gboolean ac_device_attributes_equal (const AcDeviceAttributes *a, const AcDeviceAttributes *b);
const char *ac_device_kind_for_people (guint32 mode);
char *ac_device_receipt_dup_aside_name (const AcDeviceReceipt *receipt);
char *ac_device_receipt_dup_back_name (const AcDeviceReceipt *receipt);

gboolean ac_device_apply (AcDeviceBatch *batch, GError **error);
gboolean ac_device_undo (AcDeviceBatch *batch, GError **error);

gboolean ac_device_copy_prepare (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);
gboolean ac_device_copy_settle (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);
gboolean ac_device_copy_run (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);
gboolean ac_device_copy_check_aside (AcDeviceBatch *batch,
                                     AcDeviceWork *work,
                                     AcDeviceSight kept,
                                     GError **error);
gboolean ac_device_copy_back (AcDeviceBatch *batch, AcDeviceWork *work, GError **error);

G_END_DECLS
