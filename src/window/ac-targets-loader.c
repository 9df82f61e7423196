/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-targets-loader.h"

#define TARGETS_A_PAGE 50

struct _AcTargetsLoader
{
  GObject parent_instance;

  AcTargetsView *view;       /* owned */
  AcApi *api;                /* nullable: no connection */
  char *action_id;           /* nullable */
  GCancellable *cancellable; /* of what is on its way for this action */
  guint generation;          /* of the first page; one that was asked for before is not wanted */
};

G_DEFINE_FINAL_TYPE (AcTargetsLoader, ac_targets_loader, G_TYPE_OBJECT)

/* A page that is on its way. */
typedef struct
{
  AcTargetsLoader *loader; /* owned */
  gboolean is_first;       /* it takes the place of what is shown */
  guint generation;
} Load;

static void
page_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr (AcTargetsLoader) self = load->loader;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcTargetPage) page =
      ac_api_list_targets_finish (AC_API (source_object), result, &error);

  /* The answer may have been on its way when something else was chosen. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))) ||
      load->generation != self->generation)
    return;
  if (page != NULL)
    ac_targets_view_add_page (self->view, page, load->is_first);
  else
    ac_targets_view_set_error (self->view, error->message);
}

static void
load_cb (AcTargetsLoader *self, const char *const *outcomes, const char *cursor)
{
  Load *load;

  if (self->api == NULL || self->action_id == NULL)
    return;
  load = g_new0 (Load, 1);
  load->loader = g_object_ref (self);
  load->is_first = cursor == NULL;
  load->generation = load->is_first ? ++self->generation : self->generation;
  ac_api_list_targets_async (self->api, self->action_id, outcomes, cursor, TARGETS_A_PAGE,
                             self->cancellable, page_cb, load);
}

static void
looked_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcTargetsLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = ac_api_look_finish (AC_API (source_object), result, &error);

  if (!good && !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    ac_targets_view_set_error (self->view, error->message);
}

static void
look_cb (AcTargetsLoader *self)
{
  if (self->api != NULL && self->action_id != NULL)
    ac_api_look_async (self->api, self->action_id, self->cancellable, looked_cb,
                       g_object_ref (self));
}

static void
export_cb (AcTargetsLoader *self)
{
  ac_targets_view_export (self->view, self->api);
}

static void
ac_targets_loader_dispose (GObject *object)
{
  AcTargetsLoader *self = AC_TARGETS_LOADER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->view);
  g_clear_object (&self->api);
  g_clear_pointer (&self->action_id, g_free);
  G_OBJECT_CLASS (ac_targets_loader_parent_class)->dispose (object);
}

static void
ac_targets_loader_class_init (AcTargetsLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_targets_loader_dispose;
}

static void
ac_targets_loader_init (AcTargetsLoader *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * ac_targets_loader_new:
 * @view: what asks
 *
 * Returns: (transfer full):
 */
AcTargetsLoader *
ac_targets_loader_new (AcTargetsView *view)
{
  AcTargetsLoader *self;

  g_return_val_if_fail (AC_IS_TARGETS_VIEW (view), NULL);

  self = g_object_new (AC_TYPE_TARGETS_LOADER, NULL);
  self->view = g_object_ref (view);
  g_signal_connect_object (view, "load", G_CALLBACK (load_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "export", G_CALLBACK (export_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "look", G_CALLBACK (look_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * ac_targets_loader_set_action:
 * @api: (nullable): whom to ask; %NULL without a connection
 * @action: (nullable): the one that the view is about to show
 */
void
ac_targets_loader_set_action (AcTargetsLoader *self, AcApi *api, AcAction *action)
{
  const char *id = action != NULL ? ac_action_get_id (action) : NULL;

  g_return_if_fail (AC_IS_TARGETS_LOADER (self));

  g_set_object (&self->api, api);
  if (g_strcmp0 (self->action_id, id) == 0)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_free (self->action_id);
  self->action_id = g_strdup (id);
}
