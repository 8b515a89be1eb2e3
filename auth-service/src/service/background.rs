use common::revocations::lane::Lane;
use tokio::task::JoinHandle;

/// What runs beside the requests, until this is dropped.
#[derive(Default)]
pub struct Background {
    tasks: Vec<JoinHandle<()>>,
    lanes: Vec<Lane>,
}

impl Background {
    /// Runs a task on the present runtime.
    pub fn run(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push(tokio::spawn(task));
    }

    /// Goes on listening.
    pub fn listen(&mut self, lane: Lane) {
        self.lanes.push(lane);
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
