/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include <glib/gstdio.h>

#include "client/ac-api-private.h"
#include "client/ac-known-account.h"

typedef struct
{
  char *folder;
  char *group;
  AcMe *me; /* nullable: to be saved; NULL: forget it */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->folder);
  g_free (job->group);
  ac_me_free (job->me);
  g_free (job);
}

/* One writer at a time. */
static GMutex file_mutex;

static GKeyFile *
load_file (const char *path)
{
  GKeyFile *file = g_key_file_new ();

  /* One that cannot be read knows nobody. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

static AcMe *
load (const Job *job)
{
  g_autofree char *path = g_build_filename (job->folder, "accounts", NULL);
  g_autoptr (GKeyFile) file = load_file (path);
  AcMe *me;

  if (!g_key_file_has_key (file, job->group, "name", NULL) ||
      !g_key_file_has_key (file, job->group, "role", NULL))
    return NULL;
  me = g_new0 (AcMe, 1);
  me->name = g_key_file_get_string (file, job->group, "name", NULL);
  me->role = g_key_file_get_string (file, job->group, "role", NULL);
  me->permissions = g_key_file_get_string_list (file, job->group, "permissions", NULL, NULL);
  if (me->permissions == NULL)
    me->permissions = g_new0 (char *, 1);
  me->second_person = g_key_file_get_boolean (file, job->group, "second-person", NULL);
  return me;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, load (data), (GDestroyNotify)ac_me_free);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autofree char *path = g_build_filename (job->folder, "accounts", NULL);
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_mutex_lock (&file_mutex);
  file = load_file (path);
  if (job->me != NULL)
    {
      g_key_file_set_string (file, job->group, "name", job->me->name);
      g_key_file_set_string (file, job->group, "role", job->me->role);
      g_key_file_set_string_list (file, job->group, "permissions",
                                  (const char *const *)job->me->permissions,
                                  g_strv_length (job->me->permissions));
      g_key_file_set_boolean (file, job->group, "second-person", job->me->second_person);
    }
  else
    g_key_file_remove_group (file, job->group, NULL);
  text = g_key_file_to_data (file, &length, NULL);
  /* Where nothing can be kept, nobody is known the next time. */
  if (g_mkdir_with_parents (job->folder, 0700) == 0)
    g_file_set_contents_full (path, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                              NULL);
  g_mutex_unlock (&file_mutex);
  g_task_return_boolean (task, TRUE);
}

static Job *
job_new (const char *folder, AcApi *api, const AcMe *me)
{
  Job *job = g_new0 (Job, 1);

  job->folder = g_strdup (folder);
  job->group = ac_transport_dup_identity (ac_api_get_transport (api));
  job->me = me != NULL ? ac_me_copy (me) : NULL;
  return job;
}

/**
 * ac_known_account_load_now:
 * @folder: of the mirrors
 * @api: a connection with a token
 *
 * Reads a small file at once: for the start of a program, which has nothing else to do yet.
 *
 * Returns: (transfer full) (nullable): who it was, or %NULL when that is not known.
 */
AcMe *
ac_known_account_load_now (const char *folder, AcApi *api)
{
  Job *job;
  AcMe *me;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (AC_IS_API (api), NULL);

  job = job_new (folder, api, NULL);
  me = load (job);
  job_free (job);
  return me;
}

/**
 * ac_known_account_load_async:
 * @folder: of the mirrors
 * @api: a connection with a token
 */
void
ac_known_account_load_async (const char *folder,
                             AcApi *api,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (folder != NULL);
  g_return_if_fail (AC_IS_API (api));

  task = g_task_new (api, cancellable, callback, user_data);
  g_task_set_task_data (task, job_new (folder, api, NULL), job_free);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * ac_known_account_load_finish:
 *
 * Returns: (transfer full) (nullable): who it was, or %NULL when that is not known.
 */
AcMe *
ac_known_account_load_finish (AcApi *api, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, api), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * ac_known_account_save:
 * @me: (nullable): who it is; %NULL: forget it
 */
void
ac_known_account_save (const char *folder, AcApi *api, const AcMe *me)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (folder != NULL);
  g_return_if_fail (AC_IS_API (api));

  task = g_task_new (api, NULL, NULL, NULL);
  g_task_set_task_data (task, job_new (folder, api, me), job_free);
  g_task_run_in_thread (task, save_in_thread);
}
